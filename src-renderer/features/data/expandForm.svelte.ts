import { type ExpansionInput, expansionTemplates } from '../../../src-main/contract/synthetic.ts';
import { language } from '../../app/i18n/language.svelte.ts';
import { parseNumber } from '../train/optionValues.ts';

export const expansionKinds = ['paraphrase', 'more'] as const;
export type ExpansionKind = (typeof expansionKinds)[number];

const integerWithin = (text: string, least: number, most: number): number | undefined => {
  const number = parseNumber(text);
  return typeof number === 'number' && Number.isInteger(number) && number >= least && number <= most
    ? number
    : undefined;
};
const numberWithin = (text: string, least: number, most: number): number | undefined => {
  const number = parseNumber(text);
  return typeof number === 'number' && number >= least && number <= most ? number : undefined;
};

/** What a person wants a model to write. */
export class ExpandForm {
  /** `model:<id>` or `run:<id>`. */
  writer = $state('');
  kind = $state<ExpansionKind>('paraphrase');
  template = $state<string>(expansionTemplates.paraphrase[language.current]);
  /** Empty for every label. */
  label = $state('');
  text = $state('');
  everySplit = $state(false);
  mostRows = $state('10');
  perRow = $state('2');
  examples = $state('3');
  temperature = $state('0.8');
  topP = $state('0.95');
  maximumNewTokens = $state('48');
  seed = $state('0');

  readonly numbers = $derived({
    mostRows: integerWithin(this.mostRows, 1, 1000),
    perRow: integerWithin(this.perRow, 1, 20),
    examples: integerWithin(this.examples, 1, 20),
    temperature: numberWithin(this.temperature, 0, 5),
    topP: numberWithin(this.topP, 0, 1),
    maximumNewTokens: integerWithin(this.maximumNewTokens, 1, 4096),
    seed: integerWithin(this.seed, 0, 999_999_999),
  });
  readonly hasPlace = $derived(/\{(?:text|examples)\}/.test(this.template));
  readonly usesExamples = $derived(this.template.includes('{examples}'));
  readonly ready = $derived(
    this.writer !== '' &&
      this.hasPlace &&
      Object.values(this.numbers).every((number) => number !== undefined),
  );

  choose(kind: ExpansionKind): void {
    this.kind = kind;
    this.template = expansionTemplates[kind][language.current];
  }

  request(id: string): ExpansionInput {
    const { mostRows, perRow, examples, temperature, topP, maximumNewTokens, seed } = this.numbers;
    const [kind, ...rest] = this.writer.split(':');
    const target = kind === 'run' ? { runId: rest.join(':') } : { modelId: rest.join(':') };
    return {
      id,
      target,
      template: this.template,
      filter: {
        ...(this.label === '' ? {} : { labels: [this.label] }),
        ...(this.text.trim() === '' ? {} : { text: this.text.trim() }),
        ...(this.everySplit ? { splits: ['train', 'validation', 'test'] } : {}),
      },
      mostRows,
      perRow,
      examples,
      generation: { temperature, topP, maximumNewTokens, seed, stop: ['\n'] },
    };
  }
}

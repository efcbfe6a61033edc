import type { MethodTable } from '../../contract/bakeOff.ts';
import { localizeProblem } from '../../contract/errors/index.ts';
import { baseTexts, inferenceTexts, isMergeable } from '../../contract/methodTraits.ts';
import type { MethodSpec } from '../../contract/methods.ts';
import type { OptionSpec } from '../../contract/options.ts';
import { say, systemLanguage } from '../language.ts';
import { flagName } from './optionFlags.ts';
import { table } from './output.ts';

const texts = {
  method: { en: 'Method', ko: '방법' },
  base: { en: 'Own weights', ko: '원래 가중치' },
  adds: { en: 'Adds', ko: '더하는 것' },
  where: { en: 'Where', ko: '위치' },
  trained: { en: 'Trained', ko: '학습 파라미터' },
  share: { en: 'Share', ko: '비율' },
  inference: { en: 'Cost in use', ko: '사용 비용' },
  merges: { en: 'Merges', ko: '합치기' },
  yes: { en: 'yes', ko: '가능' },
  no: { en: 'no', ko: '불가' },
  refused: { en: 'Not for {model}:', ko: '{model}에 쓸 수 없는 방법:' },
  headed: { en: '{model}: {total} parameters', ko: '{model}: 파라미터 {total}개' },
} as const;

/** The range of an option as text, or what it may be. */
function rangeOf(spec: OptionSpec): string {
  switch (spec.type) {
    case 'choice':
      return spec.choices.map(({ value }) => value).join(' | ');
    case 'number':
    case 'integer': {
      const above = spec.type === 'number' ? spec.above : undefined;
      const low = above === undefined ? spec.minimum : above;
      return [
        ...(low === undefined ? [] : [`${above === undefined ? '≥' : '>'} ${low}`]),
        ...(spec.maximum === undefined ? [] : [`≤ ${spec.maximum}`]),
      ].join(', ');
    }
    default:
      return '';
  }
}

/** One method's settings: flag, type, default and range. */
export function optionLines(spec: MethodSpec): readonly string[] {
  return table(
    Object.entries(spec.options).map(([name, option]) => [
      `  --${flagName(name)}`,
      option.type,
      JSON.stringify(option.default),
      rangeOf(option),
      say(option.label),
    ]),
  );
}

/** The share of a model's parameters that is trained. */
export function shareOf(
  { totalParameters }: MethodTable,
  own: number | null,
  added: number | null,
): number | null {
  return own === null || added === null ? null : (own + added) / (totalParameters + added);
}

/** The comparison table of the literature with a model's own numbers, and why some methods are not for it. */
export function methodTableLines(methods: readonly MethodSpec[], found: MethodTable): readonly string[] {
  const rowOf = new Map(found.rows.map((row) => [row.methodId, row]));
  const count = (value: number) => value.toLocaleString('en');
  const lines = methods.flatMap((method) => {
    const row = rowOf.get(method.id);
    if (row === undefined || row.problems.length > 0) return [];
    const { ownParameters: own, addedParameters: added } = row;
    const share = shareOf(found, own, added);
    return [
      [
        say(method.name),
        say(baseTexts[method.traits.base]),
        count((own ?? 0) + (added ?? 0)),
        share === null ? '–' : `${(100 * share).toPrecision(3)} %`,
        say(inferenceTexts[method.traits.inference]),
        say(isMergeable(method.traits) ? texts.yes : texts.no),
        say(method.traits.adds),
        say(method.traits.where),
      ],
    ];
  });
  const { method, base, trained, share, inference, merges, adds, where } = texts;
  const heading = [method, base, trained, share, inference, merges, adds, where].map((text) => say(text));
  const refused = found.rows.filter(({ problems }) => problems.length > 0);
  return [
    say(texts.headed, { model: found.model, total: count(found.totalParameters) }),
    ...table([heading, ...lines]),
    ...(refused.length > 0 ? ['', say(texts.refused, { model: found.model })] : []),
    ...refused.flatMap(({ methodId, problems }) =>
      problems.map((problem) => `  ${methodId}: ${localizeProblem(problem, systemLanguage()).message}`),
    ),
  ];
}

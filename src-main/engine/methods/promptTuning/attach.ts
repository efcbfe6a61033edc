import { type Problem, describeProblem, errorFromProblems } from '../../../contract/errors/index.ts';
import type { OptionValues } from '../../../contract/options.ts';
import { namedStream } from '../../data/random.ts';
import { normalValues } from '../../initialValues.ts';
import type { Model } from '../../models/model.ts';
import { countValues, outlineOfModel } from '../../models/outline.ts';
import { cast, gatherRows, indicesFrom } from '../../ops/index.ts';
import { scope } from '../../autodiff/scope.ts';
import type { AttachHelp, Attached, Method, ModelOutline } from '../method.ts';
import { PeftSettings } from '../peftSettings.ts';
import {
  attachPromptTable,
  checkVirtualTokens,
  promptConfig,
  promptTable,
  savedTokens,
  wordWidth,
} from '../softPrompt.ts';
import { promptTuningSpec } from './spec.ts';

type Options = OptionValues<typeof promptTuningSpec.options>;

function checkPromptTuning(outline: ModelOutline, options: Options): Problem[] {
  const needsText = options.init === 'text' && options.initText.trim() === '';
  return [
    ...checkVirtualTokens(outline, options.virtualTokens),
    ...(needsText ? [describeProblem('method.emptyInitText', {}, 'initText')] : []),
  ];
}

/** Embeddings of some tokens, one after the other. */
function embeddingsOf(model: Model, ids: readonly number[]): Float32Array {
  let values = new Float32Array();
  scope(() => {
    const { value } = model.wordEmbedding;
    const rows = cast(gatherRows(value, indicesFrom(value.backend, ids)), 'float32');
    values = Float32Array.from(rows.values());
  });
  return values;
}

/** @param name of the table, which decides what is drawn with the seed */
export function startValues(
  model: Model,
  options: Options,
  name: string,
  seed: number,
  help: AttachHelp,
): Float32Array {
  const { virtualTokens, init, initText } = options;
  const width = wordWidth(outlineOfModel(model));
  const places = Array.from({ length: virtualTokens }, (_, place) => place);
  switch (init) {
    case 'random':
      return normalValues(seed, name, virtualTokens * width, 1);
    case 'vocabulary': {
      const stream = namedStream(seed, name);
      return embeddingsOf(
        model,
        places.map((place) => stream.integer(place, model.vocabularySize)),
      );
    }
    case 'text': {
      if (help.tokenize === undefined) throw new Error('Starting from a text needs a tokenizer.');
      const ids = help.tokenize(initText);
      if (ids.length === 0)
        throw errorFromProblems([describeProblem('method.emptyInitText', {}, 'initText')]);
      return embeddingsOf(
        model,
        places.map((place) => ids[place % ids.length] ?? 0),
      );
    }
    default:
      return init satisfies never;
  }
}

const peftInits = { random: 'RANDOM', vocabulary: 'SAMPLE_VOCAB', text: 'RANDOM' } as const;

function attachTable(model: Model, length: number, start: Float32Array | number, init: string): Attached {
  const width = wordWidth(outlineOfModel(model));
  const { blocks } = model.hooks;
  const shape = { width, layers: blocks.length, heads: blocks[0]?.heads ?? 1 };
  const config = { ...promptConfig('PROMPT_TUNING', length, shape), prompt_tuning_init: init };
  return attachPromptTable(model, { length, width }, start, config);
}

function attachSaved(model: Model, config: Readonly<Record<string, unknown>>, folder: string): Attached {
  const settings = new PeftSettings(config, folder);
  const length = savedTokens(settings);
  settings.finish();
  return attachTable(model, length, 0, 'RANDOM');
}

/** Prompt tuning (https://arxiv.org/abs/2104.08691) as PEFT does it: X' = [E; X], E `[virtual tokens, width]` trained. */
export const promptTuning: Method<typeof promptTuningSpec.options> = {
  spec: promptTuningSpec,
  output: 'adapter',
  saved: { peftType: 'PROMPT_TUNING', attach: attachSaved },
  positions: ({ virtualTokens }) => virtualTokens,
  check: checkPromptTuning,
  count: (outline, { virtualTokens }) => ({
    own: countValues(outline, outline.headNames),
    added: virtualTokens * wordWidth(outline),
  }),
  attach(model, options, seed, help = {}) {
    const outline = outlineOfModel(model);
    const problems = checkPromptTuning(outline, options);
    if (problems.length > 0) throw errorFromProblems(problems);
    const start = startValues(model, options, promptTable, seed, help);
    return attachTable(model, options.virtualTokens, start, peftInits[options.init]);
  },
};

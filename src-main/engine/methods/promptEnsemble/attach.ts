import { errorFromProblems } from '../../../contract/errors/index.ts';
import type { OptionValues } from '../../../contract/options.ts';
import { scope } from '../../autodiff/scope.ts';
import type { MemberChoice } from '../../models/hooks.ts';
import type { Model } from '../../models/model.ts';
import { countValues, outlineOfModel } from '../../models/outline.ts';
import { concat } from '../../ops/index.ts';
import { addParameter } from '../addition.ts';
import type { Attached, Method } from '../method.ts';
import { PeftSettings } from '../peftSettings.ts';
import { startValues } from '../promptTuning/attach.ts';
import { attachPrompt, checkVirtualTokens, promptConfig, promptTable, wordWidth } from '../softPrompt.ts';
import { promptEnsembleSpec } from './spec.ts';

type Options = OptionValues<typeof promptEnsembleSpec.options>;

/** What PEFT's types would call it; PEFT has none. */
const peftType = 'PROMPT_ENSEMBLE';

interface Shape {
  readonly count: number;
  readonly length: number;
  readonly choose: MemberChoice;
}

/** @param start → the values of a member's table, by the table's name */
function attachTables(
  model: Model,
  { count, length, choose }: Shape,
  start: (name: string) => Float32Array | number,
): Attached {
  const { backend } = model.wordEmbedding.value;
  const width = wordWidth(outlineOfModel(model));
  const { blocks } = model.hooks;
  const shape = { width, layers: blocks.length, heads: blocks[0]?.heads ?? 1 };
  const tables = Array.from({ length: count }, (_, member) => {
    const name = `${promptTable}.${member}`;
    return addParameter(backend, name, [length, width], start(name));
  });
  return attachPrompt(model, length, {
    library: 'tunebench',
    config: { ...promptConfig(peftType, length, shape), num_prompts: count, ensemble: choose },
    parameters: tables,
    members: { count, choose },
    embed: () =>
      scope(() =>
        concat(
          tables.map(({ value }) => value),
          0,
        ),
      ),
  });
}

function attachSaved(model: Model, config: Readonly<Record<string, unknown>>, folder: string): Attached {
  const settings = new PeftSettings(config, folder);
  const shape: Shape = {
    count: settings.number('num_prompts', 1),
    length: settings.number('num_virtual_tokens', 0),
    choose: settings.choice('ensemble', ['vote', 'mean'], 'vote'),
  };
  settings.finish();
  return attachTables(model, shape, () => 0);
}

/**
 * Several soft prompts on one frozen model (https://arxiv.org/abs/2104.08691, §6), in one batch: each row stands in it
 * once for each prompt. The loss is the mean of the prompts' own, so each learns as if it were alone, but for the head
 * they share.
 */
export const promptEnsemble: Method<typeof promptEnsembleSpec.options> = {
  spec: promptEnsembleSpec,
  output: 'adapter',
  saved: { peftType, attach: attachSaved },
  positions: ({ virtualTokens }) => virtualTokens,
  copies: ({ members }) => members,
  check: (outline, { virtualTokens }) => checkVirtualTokens(outline, virtualTokens),
  count: (outline, { members, virtualTokens }: Options) => ({
    own: countValues(outline, outline.headNames),
    added: members * virtualTokens * wordWidth(outline),
  }),
  attach(model, { members, choose, virtualTokens, init }, seed, help = {}) {
    const problems = checkVirtualTokens(outlineOfModel(model), virtualTokens);
    if (problems.length > 0) throw errorFromProblems(problems);
    const options = { virtualTokens, init, initText: '' };
    return attachTables(model, { count: members, length: virtualTokens, choose }, (name) =>
      startValues(model, options, name, seed, help),
    );
  },
};

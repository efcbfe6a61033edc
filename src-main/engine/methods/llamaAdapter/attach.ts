import { type Problem, describeProblem, errorFromProblems } from '../../../contract/errors/index.ts';
import type { OptionValues } from '../../../contract/options.ts';
import { normalValues } from '../../initialValues.ts';
import type { BlockShape } from '../../models/hooks.ts';
import type { Model } from '../../models/model.ts';
import { countValues, outlineOfModel } from '../../models/outline.ts';
import { addParameter, attachAddition } from '../addition.ts';
import type { Attached, Method, ModelOutline } from '../method.ts';
import { PeftSettings, wrapped } from '../peftSettings.ts';
import { type PromptedBlock, addPromptAttention, findLayers } from './promptAttention.ts';
import { llamaAdapterSpec } from './spec.ts';

type Options = OptionValues<typeof llamaAdapterSpec.options>;

/** PEFT has the first form only; the second is marked by a setting of our own. */
const formSetting = 'gate_form';

function chooseBlocks<Shape extends BlockShape>(blocks: readonly Shape[], { lastLayers }: Options): Shape[] {
  return lastLayers === 0 ? [...blocks] : blocks.slice(-lastLayers);
}

function checkLlamaAdapter({ blocks }: ModelOutline, { lastLayers }: Options): Problem[] {
  return lastLayers <= blocks.length
    ? []
    : [describeProblem('method.fewerLayers', { wanted: lastLayers, count: blocks.length }, 'lastLayers')];
}

/** Module that holds the attention's output layer: `self_attn`, `attn`. */
function attentionPath({ output }: BlockShape): string {
  return output.split('.').slice(0, -1).join('.');
}

function widthOf({ parameters, wordEmbedding }: ModelOutline): number {
  return parameters.get(wordEmbedding)?.[1] ?? 0;
}

function attachPrompts(model: Model, options: Options, seed: number): Attached {
  const { backend } = model.wordEmbedding.value;
  const { length, form } = options;
  const width = widthOf(outlineOfModel(model));
  const prompted = chooseBlocks(model.hooks.blocks, options).map((block): PromptedBlock => {
    if (block.attentionOutput !== null) throw new Error(`Two methods want the attention of ${block.path}.`);
    const name = `${wrapped}${attentionPath(block)}`;
    const start = normalValues(seed, `${name}.adaption_prompt`, length * width, 1);
    const gateShape = form === 'paper' ? [1, block.heads, 1, 1] : [1];
    return {
      block,
      ...findLayers(model, block),
      prompt: addParameter(backend, `${name}.adaption_prompt`, [1, length, width], start),
      gate: addParameter(backend, `${name}.adaption_gate`, gateShape, 0),
      form,
    };
  });
  for (const one of prompted) {
    one.block.attentionOutput = (output, around) => addPromptAttention(one, output, around);
  }
  const [first] = prompted;
  return attachAddition(model, {
    parameters: prompted.flatMap(({ prompt, gate }) => [prompt, gate]),
    config: {
      peft_type: 'ADAPTION_PROMPT',
      target_modules: first ? attentionPath(first.block).split('.').at(-1) : null,
      adapter_len: length,
      adapter_layers: prompted.length,
      ...(form === 'paper' ? { [formSetting]: form } : {}),
    },
    wrapping: wrapped,
    merge: null,
    takeOff() {
      for (const { block } of prompted) block.attentionOutput = null;
    },
  });
}

function attachSaved(model: Model, config: Readonly<Record<string, unknown>>, folder: string): Attached {
  const settings = new PeftSettings(config, folder);
  const options: Options = {
    length: settings.number('adapter_len', 1),
    lastLayers: settings.number('adapter_layers', 0),
    form: settings.choice(formSetting, ['peft', 'paper'], 'peft'),
  };
  settings.finish();
  return attachPrompts(model, options, 0);
}

/** LLaMA-Adapter (https://arxiv.org/abs/2303.16199): prompts for the upper blocks behind gates that start closed. */
export const llamaAdapter: Method<typeof llamaAdapterSpec.options> = {
  spec: llamaAdapterSpec,
  output: 'adapter',
  saved: { peftType: 'ADAPTION_PROMPT', attach: attachSaved },
  check: checkLlamaAdapter,
  count(outline, options) {
    const added = chooseBlocks(outline.blocks, options).reduce(
      (total, { heads }) =>
        total + options.length * widthOf(outline) + (options.form === 'paper' ? heads : 1),
      0,
    );
    return { own: countValues(outline, outline.headNames), added };
  },
  attach(model, options, seed) {
    const problems = checkLlamaAdapter(outlineOfModel(model), options);
    if (problems.length > 0) throw errorFromProblems(problems);
    return attachPrompts(model, options, seed);
  },
};

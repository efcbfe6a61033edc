import { errorFromProblems } from '../../../contract/errors/index.ts';
import type { Model } from '../../models/model.ts';
import { countValues, outlineOfModel } from '../../models/outline.ts';
import type { Attached, Method } from '../method.ts';
import { PeftSettings } from '../peftSettings.ts';
import {
  attachPrompt,
  attachPromptTable,
  checkVirtualTokens,
  promptConfig,
  promptTable,
  savedTokens,
  wordWidth,
} from '../softPrompt.ts';
import { type PTuningOptions, encoderParts, makeEncoder } from './encoder.ts';
import { pTuningSpec } from './spec.ts';

function configOf(model: Model, length: number, encoder: Readonly<Record<string, unknown>>) {
  const { blocks } = model.hooks;
  const width = wordWidth(outlineOfModel(model));
  const shape = { width, layers: blocks.length, heads: blocks[0]?.heads ?? 1 };
  return { ...promptConfig('P_TUNING', length, shape), ...encoder, encoder_dropout: 0 };
}

/** A saved adapter holds what the network made; the network itself is gone. */
function attachSaved(model: Model, config: Readonly<Record<string, unknown>>, folder: string): Attached {
  const settings = new PeftSettings(config, folder);
  const length = savedTokens(settings);
  const encoder = {
    encoder_reparameterization_type: settings.choice(
      'encoder_reparameterization_type',
      ['MLP', 'LSTM'],
      'MLP',
    ),
    encoder_hidden_size: settings.number('encoder_hidden_size', 1),
    encoder_num_layers: settings.number('encoder_num_layers', 2),
  };
  settings.finish();
  const width = wordWidth(outlineOfModel(model));
  return attachPromptTable(model, { length, width }, 0, configOf(model, length, encoder));
}

function attachEncoder(model: Model, options: PTuningOptions, seed: number): Attached {
  const width = wordWidth(outlineOfModel(model));
  const { virtualTokens: length } = options;
  const { parameters, encode } = makeEncoder(model.wordEmbedding.value.backend, options, width, seed);
  return attachPrompt(model, length, {
    config: configOf(model, length, {
      encoder_reparameterization_type: options.encoder === 'mlp' ? 'MLP' : 'LSTM',
      encoder_hidden_size: options.hiddenSize,
      encoder_num_layers: options.encoder === 'mlp' ? 2 : options.encoderLayers,
    }),
    parameters,
    embed: encode,
    tensors: new Map([[promptTable, { shape: [length, width], compute: encode }]]),
  });
}

/** P-tuning (https://arxiv.org/abs/2103.10385) as PEFT does it, with all virtual tokens before the text. */
export const pTuning: Method<typeof pTuningSpec.options> = {
  spec: pTuningSpec,
  output: 'adapter',
  saved: { peftType: 'P_TUNING', attach: attachSaved },
  positions: ({ virtualTokens }) => virtualTokens,
  check: (outline, { virtualTokens }) => checkVirtualTokens(outline, virtualTokens),
  count: (outline, options) => ({
    own: countValues(outline, outline.headNames),
    added: encoderParts(options, wordWidth(outline)).reduce(
      (total, { shape }) => total + shape.reduce((product, length) => product * length, 1),
      0,
    ),
  }),
  attach(model, options, seed) {
    const problems = checkVirtualTokens(outlineOfModel(model), options.virtualTokens);
    if (problems.length > 0) throw errorFromProblems(problems);
    return attachEncoder(model, options, seed);
  },
};

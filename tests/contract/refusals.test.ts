import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { RunConfig } from '../../src-main/contract/runs.ts';
import { applicationFolder } from '../../src-main/hosts/openHost.ts';
import { classificationConfig, generationConfig } from './runFixtures.ts';
import { decoderFolder } from './tinyModel.ts';
import { codesOfCall, openHostForFile } from './testHost.ts';

// Every combination that cannot be, with the reason: as the form asks, as a start is refused, as the command line says.

const { folder, host } = await openHostForFile();
let encoder: RunConfig;
let decoder: RunConfig;

beforeAll(async () => {
  encoder = await classificationConfig(host.client, folder.path);
  decoder = await generationConfig(host.client, folder.path);
});

interface Change {
  readonly method?: string;
  readonly options?: RunConfig['method']['options'];
  readonly training?: RunConfig['training'];
  readonly objective?: RunConfig['objective'];
  readonly task?: RunConfig['task'];
}

function changed(
  base: RunConfig,
  { method = 'lora', options = {}, training, objective, task }: Change,
): RunConfig {
  return {
    ...base,
    task: task ?? base.task,
    method: { id: method, options },
    objective: { ...base.objective, ...objective },
    training: { ...base.training, ...training },
  };
}

const packed = { training: { packing: 'on' } };
const quantized = { training: { quantization: 'nf4' } };

const onEncoder: [what: string, change: Change, codes: string[]][] = [
  ['a method of other models', { method: 'llamaAdapter' }, ['run.methodNotForModel']],
  ['a task the model has no head for', { task: 'causalLm' }, ['model.notForTask']],
  ['a method nobody knows', { method: 'magic' }, ['run.unknownMethod']],
  [
    'as many virtual tokens as positions',
    { method: 'promptTuning', options: { virtualTokens: 128 } },
    ['run.lengthBeyondModel', 'method.tooManyVirtualTokens'],
  ],
  [
    'a prefix as long as the positions',
    { method: 'prefixTuning', options: { virtualTokens: 128 } },
    ['run.lengthBeyondModel', 'method.tooManyVirtualTokens'],
  ],
  [
    'P-tuning as long as the positions',
    { method: 'pTuning', options: { virtualTokens: 128 } },
    ['run.lengthBeyondModel', 'method.tooManyVirtualTokens'],
  ],
  ['texts longer than the positions', { objective: { maximumLength: 4000 } }, ['run.lengthBeyondModel']],
  ['a rank beyond its layer', { options: { rank: 4000 } }, ['method.rankTooLarge']],
  ['targets that are nowhere', { options: { targets: ['c_attn'] } }, ['method.targetMatchesNothing']],
  ['more layers than there are', { method: 'freezing', options: { lastLayers: 99 } }, ['method.fewerLayers']],
  ['magnitudes with trained biases', { options: { useDora: true, loraBias: true } }, ['method.doraWithBias']],
  [
    'a text to start from that is empty',
    { method: 'promptTuning', options: { init: 'text' } },
    ['method.emptyInitText'],
  ],
  ...['full', 'freezing', 'head', 'bitfit'].map((method): [string, Change, string[]] => [
    `${method} on a quantised base`,
    { method, ...quantized },
    ['run.quantizedBaseTrained'],
  ]),
];

const onDecoder: typeof onEncoder = [
  ['biases of a model that has none', { method: 'bitfit' }, ['method.noBiases']],
  ['a new head for a task without one', { method: 'head' }, ['run.methodNotForTask', 'method.noHead']],
  ...['promptTuning', 'prefixTuning', 'pTuning'].map((method): [string, Change, string[]] => [
    `${method} with several texts in a row`,
    { method, options: { virtualTokens: 4 }, ...packed },
    ['run.packingNotForMethod'],
  ]),
  ['UniPELT on a decoder', { method: 'unipelt' }, ['run.methodNotForModel']],
];

/** All at once: nothing is held back until the first mistake is mended. */
const everythingWrong: Change = {
  method: 'prefixTuning',
  options: { virtualTokens: 4000, hiddenSize: 'wide' },
  training: { packing: 'on', learningRate: -1, colour: 'red' },
  objective: { maximumLength: 5000 },
};
const allReasons = [
  'option.outOfRange',
  'option.unknown',
  'option.wrongType',
  'run.lengthBeyondModel',
  'run.packingNotForMethod',
];

async function reasonsOf(config: RunConfig): Promise<string[]> {
  const { problems, trainableParameters } = await host.client.runs.forecast(config);
  if (problems.length > 0) expect(trainableParameters).toBeNull();
  return [...new Set(problems.map(({ code }) => code))];
}

describe('refused by the forecast and by the start, with the reason', () => {
  test.each(onEncoder)('on an encoder: %s', async (_what, change, codes) => {
    const config = changed(encoder, change);
    expect(await reasonsOf(config)).toEqual(codes);
    expect([...new Set(await codesOfCall(host.client.runs.start(config)))]).toEqual(codes);
  });

  test.each(onDecoder)('on a decoder: %s', async (_what, change, codes) => {
    const config = changed(decoder, change);
    expect(await reasonsOf(config)).toEqual(codes);
    expect([...new Set(await codesOfCall(host.client.runs.start(config)))]).toEqual(codes);
  });

  test('everything that is wrong, at once', async () => {
    const reasons = await reasonsOf(changed(decoder, everythingWrong));
    expect(reasons.sort()).toEqual(allReasons);
  });

  test('blocks may be recomputed with a prefix, which other programs cannot', async () => {
    const prefix = { method: 'prefixTuning', options: { virtualTokens: 4 } };
    expect(await reasonsOf(changed(decoder, { ...prefix, training: { recompute: 'on' } }))).toEqual([]);
  });

  test('in a comparison, each for itself, while the others go on', async () => {
    const { modelId, datasetId, task } = decoder;
    const methods = ['lora', 'bitfit', 'unipelt', 'promptTuning'].map((id) => ({ id }));
    const budget = { kind: 'steps', steps: 1 } as const;
    const shared = { modelId, datasetId, task, methods, seeds: [0], budget };
    const entries = await host.client.bakeOff.check({ ...shared, training: packed.training });
    expect(entries.map(({ forecast }) => forecast.problems.map(({ code }) => code))).toEqual([
      [],
      ['method.noBiases'],
      ['run.methodNotForModel', 'run.packingNotForMethod'],
      ['run.packingNotForMethod'],
    ]);
  });
});

test('the command line says all of it too, and starts nothing', async () => {
  const file = path.join(folder.path, 'rows.jsonl');
  const rows = ['a', 'b', 'c', 'd'].map((prompt) => JSON.stringify({ prompt, completion: prompt }));
  await writeFile(file, rows.join('\n'));
  const home = path.join(folder.path, 'commandLineHome');
  await mkdir(home);
  const entry = path.join(applicationFolder, 'src-main', 'hosts', 'cli', 'main.ts');
  const args = [
    ...[entry, 'train', '--forecast', '--model', decoderFolder, '--train', file, '--method', 'prefixTuning'],
    ...['--virtual-tokens', '4000', '--packing', 'on', '--learning-rate', '-1', '--maximum-length', '5000'],
  ];
  const env = { ...process.env, TUNEBENCH_HOME: home, LANG: 'en_US.UTF-8', LC_ALL: '' };
  const { code, stderr } = await new Promise<{ code: unknown; stderr: string }>((resolve) =>
    execFile(process.execPath, args, { env }, (error, _stdout, text) =>
      resolve({ code: error?.code ?? 0, stderr: text }),
    ),
  );
  expect(code).toBe(1);
  for (const value of ['-1', '5000', '4000']) expect(stderr).toContain(value);
});

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { scope } from '../../src-main/engine/autodiff/scope.ts';
import { backpropagate } from '../../src-main/engine/autodiff/tape.ts';
import { Parameter } from '../../src-main/engine/autodiff/tensor.ts';
import type { Backend } from '../../src-main/engine/backend/backend.ts';
import { loadAdapter } from '../../src-main/engine/formats/peftAdapter.ts';
import type { Attached } from '../../src-main/engine/methods/method.ts';
import { loadModel } from '../../src-main/engine/models/load.ts';
import type { WeightForm } from '../../src-main/engine/models/loadParameters.ts';
import type { Model } from '../../src-main/engine/models/model.ts';
import { AdamW } from '../../src-main/engine/optim/adamw.ts';
import { loadTestBackend } from '../unit/engine/testBackend.ts';
import { largestGap } from './closeness.ts';
import { python, pythonIsRequired, runReference } from './python.ts';
import { compareTraining, computeLoss, learningRate, optimizerOptions } from './recordedSteps.ts';
import { batchOf, readRecording, recorded, recordedFiles, recordedFolder } from './recordings.ts';

// Expected numbers: tests/reference/precision.py (torch, PEFT, bitsandbytes).

const cases = [
  { modelType: 'bert', task: 'classification' },
  { modelType: 'gpt2', task: 'causalLm' },
  { modelType: 'llama', task: 'causalLm' },
] as const;
type Case = (typeof cases)[number];

const curveSchema = z.object({ bfloat16: z.array(z.number()), nf4: z.array(z.number()) });
function readCurves(folder: string) {
  return z
    .record(z.string(), curveSchema)
    .parse(JSON.parse(readFileSync(join(folder, 'curves.json'), 'utf8')));
}

const precisionFolder = join(recordedFolder, 'precision');

let backend: Backend;
let handlesBefore = 0;
beforeAll(async () => {
  backend = await loadTestBackend();
  handlesBefore = backend.liveHandles;
});
afterAll(() => expect(backend.liveHandles).toBe(handlesBefore));

/** The recorded model in some form, with the recorded adapter. */
function withAdapter(
  { modelType, task }: Case,
  form: WeightForm,
  use: (model: Model, attached: Attached, trained: ReadonlyMap<string, Parameter>) => void,
): void {
  const adapterFolder = `${modelType}/${task}.lora`;
  const files = recordedFiles(modelType, adapterFolder);
  const model = loadModel({ files, folder: modelType, backend, task, seed: 0, ...form });
  const attached = loadAdapter(files, adapterFolder, model);
  const trained = [...(attached.adapter?.tensors ?? [])].flatMap(([name, tensor]) =>
    tensor instanceof Parameter ? [[name, tensor] as const] : [],
  );
  use(model, attached, new Map(trained));
  attached.detach();
  model.dispose();
}

/** Losses of a run as precision.py makes it. */
function runCurve(one: Case, form: WeightForm, steps: number): number[] {
  const { modelType, task } = one;
  const recording = readRecording(join(recordedFolder, modelType, `${task}.lora.safetensors`));
  const losses: number[] = [];
  withAdapter(one, form, (model, { trainable }) => {
    const optimizer = new AdamW(trainable, optimizerOptions);
    scope(() => {
      const batch = batchOf(backend, recording);
      for (let step = 0; step < steps; step++) {
        losses.push(backpropagate(trainable, () => computeLoss(model, batch, task, recording)));
        optimizer.step(learningRate);
      }
    });
    optimizer.dispose();
  });
  return losses;
}

describe.each(cases)('$modelType, $task', (one) => {
  const name = `${one.modelType}.${one.task}`;

  it('on a base in NF4 computes and trains as on the weights bitsandbytes restores', () => {
    const recording = readRecording(join(precisionFolder, `exact.${name}.safetensors`));
    withAdapter(one, { quantization: 'nf4' }, (model, _attached, trained) =>
      compareTraining(model, trained, one.task, recording),
    );
  });

  const forms = [
    ['bfloat16', 'nf4', { weightType: 'bfloat16' }],
    ['nf4', 'bfloat16', { weightType: 'bfloat16', quantization: 'nf4' }],
  ] as const satisfies readonly (readonly [string, string, WeightForm])[];
  it.each(forms)('in %s follows the loss of the reference', (form, other, options) => {
    const curves = readCurves(precisionFolder)[name];
    if (curves === undefined) expect.fail(`${name} was not recorded.`);
    const expected = curves[form];
    const found = runCurve(one, options, expected.length);
    const apart = (curve: readonly number[]) =>
      curve.map((loss, step) => Math.abs(Number(found[step]) - loss) / loss);
    expect(Math.max(...apart(expected))).toBeLessThan(0.02);
    // The other form's curve lies further away: the test can tell them apart.
    expect(Math.max(...apart(expected))).toBeLessThan(Math.max(...apart(curves[other])));
    expect(found.at(-1)).toBeLessThan(0.9 * Number(found[0]));
  });
});

it.runIf(python !== undefined || pythonIsRequired)(
  'PEFT and bitsandbytes still compute what is recorded',
  { timeout: 300_000 },
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'tunebench-precision-'));
    try {
      runReference('precision.py', recordedFolder, folder);
      const curves = readCurves(precisionFolder);
      for (const [name, { bfloat16, nf4 }] of Object.entries(readCurves(folder))) {
        expect(largestGap(bfloat16, curves[name]?.bfloat16 ?? []), name).toBeLessThan(0.02);
        expect(largestGap(nf4, curves[name]?.nf4 ?? []), name).toBeLessThan(0.02);
      }
      for (const { modelType, task } of cases) {
        const file = `exact.${modelType}.${task}.safetensors`;
        const [now, before] = [folder, precisionFolder].map((part) => readRecording(join(part, file)));
        if (!now || !before) expect.fail(file);
        expect([...now.keys()]).toEqual([...before.keys()]);
        const { values } = recorded(before, 'logits');
        const size = values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
        expect(largestGap(recorded(now, 'logits').values, values)).toBeLessThan(1e-5 * size);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);

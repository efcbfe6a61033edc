import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { RunConfig } from '../../../../src-main/contract/runs.ts';
import type { TrainJob } from '../../../../src-main/contract/worker.ts';
import { checkTraining, loadPredictor, mergeModel } from '../../../../src-main/engine/index.ts';
import { backend, files, folder, setUpSessions, stopAfter, train } from './sessions.ts';
import { makeTinyJob } from './tinyProject.ts';
import { labelsOf } from '../../../support/predictions.ts';

setUpSessions();

const training = { learningRate: 1e-2, batchSize: 4, seed: 3, checkpointEverySteps: 0, maximumSteps: 8 };
const qlora = { id: 'qlora', options: { rank: 4, alpha: 8 } };

/** Runs a job; with a step to stop at, goes on from there in a second session. */
async function trainJob(name: string, change: Partial<RunConfig>, stopAt?: number): Promise<TrainJob> {
  const job = makeTinyJob(join(folder, name), { method: qlora, training, ...change });
  if (stopAt !== undefined) expect((await train(job, stopAfter(stopAt))).outcome).toBe('stopped');
  expect((await train({ ...job, resume: stopAt !== undefined })).outcome).toBe('completed');
  return job;
}

function adapterOf(job: TrainJob): string {
  return readFileSync(join(job.runFolder, 'result', 'adapter_model.safetensors')).toString('base64');
}

it('a QLoRA run that was stopped ends with the bytes of one that was not', async () => {
  const whole = await trainJob('whole', {});
  const halved = await trainJob('halved', {}, 4);
  expect(adapterOf(halved)).toBe(adapterOf(whole));
});

it('blocks that are recomputed train the same weights, dropout and all', async () => {
  const kept = await trainJob('kept', {});
  const recomputed = await trainJob('recomputed', { training: { ...training, recompute: 'on' } });
  expect(adapterOf(recomputed)).toBe(adapterOf(kept));
});

it.each(['qlora', 'lora'])(
  '%s trained in 4 bits is tried and merged on the weights it was trained on',
  async (id) => {
    const job = await trainJob('run', {
      method: { ...qlora, id },
      training: { ...training, quantization: 'nf4', maximumSteps: 20 },
    });
    const task = 'classification';
    const trainedFolder = join(job.runFolder, 'result');
    const texts = ['the the kettle', 'where is garden', 'keys'];
    const probabilities = (modelFolder: string, trained?: string) => {
      const model = { modelFolder, task, ...(trained ? { trainedFolder: trained } : {}) } as const;
      const predictor = loadPredictor({ model, backend, files });
      const predicted = predictor.predict(texts.map((text) => ({ text }))).map(labelsOf);
      predictor.dispose();
      return predicted.map((labels) =>
        [...labels].sort((a, b) => (a.label < b.label ? -1 : 1)).map(({ probability }) => probability),
      );
    };
    const tried = probabilities(job.modelFolder, trainedFolder);
    const merged = join(folder, 'merged');
    mergeModel({
      model: { modelFolder: job.modelFolder, trainedFolder, task },
      targetFolder: merged,
      backend,
      files,
    });
    probabilities(merged).forEach((row, index) =>
      row.forEach((value, place) => expect(value).toBeCloseTo(Number(tried[index]?.[place]), 5)),
    );
    // On the weights as the checkpoint has them, the same adapter computes something else.
    const recipe = join(trainedFolder, 'tunebench.json');
    expect(readFileSync(recipe, 'utf8')).toContain('"quantization": "nf4"');
    rmSync(recipe);
    expect(probabilities(job.modelFolder, trainedFolder)).not.toEqual(tried);
  },
);

it('methods that write the whole model refuse a base in 4 bits', () => {
  for (const id of ['full', 'head']) {
    const job = makeTinyJob(join(folder, id), {
      method: { id, options: {} },
      training: { ...training, quantization: 'nf4' },
    });
    const { forecast, checked } = checkTraining(files, {
      config: job.config,
      modelFolder: job.modelFolder,
      datasetName: 'things',
      rows: { train: 10, validation: 0, test: 0 },
      labelCount: 4,
    });
    expect(checked).toBeNull();
    expect(forecast.problems).toMatchObject([
      { code: 'run.quantizedBaseTrained', path: 'training.quantization' },
    ]);
  }
});

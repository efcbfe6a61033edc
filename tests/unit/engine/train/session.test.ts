import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { TunebenchError } from '../../../../src-main/contract/errors/index.ts';
import { listCheckpoints, loadPredictor, mergeModel } from '../../../../src-main/engine/index.ts';
import { backend, eventsOf, files, folder, resultBytes, setUpSessions, train } from './sessions.ts';
import { makeTinyJob } from './tinyProject.ts';
import { labelsOf } from '../../../support/predictions.ts';

setUpSessions();

const rowSchema = z.object({ split: z.string(), text: z.string(), label: z.string() });

async function problemsOf(promise: Promise<unknown>): Promise<string[]> {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return error instanceof TunebenchError ? error.problems.map((problem) => problem.code) : [String(error)];
}

describe('runTraining, classification', () => {
  it('tells its story from start to finish, learns, and leaves a result that predicts', async () => {
    const job = makeTinyJob(folder, {
      method: { id: 'lora', options: { rank: 8, alpha: 16, targets: ['all-linear'] } },
      training: { learningRate: 1e-2, epochs: 12, batchSize: 4, seed: 4 },
    });
    const { events, outcome } = await train(job);
    expect(outcome).toBe('completed');
    const names = events.map((event) => event.event);
    expect(names.slice(0, 2)).toEqual(['started', 'prepared']);
    expect(names.at(-1)).toBe('finished');
    const steps = eventsOf(events, 'stepped');
    expect(steps.map((event) => event.step)).toEqual(Array.from({ length: 108 }, (_, index) => index + 1));
    expect(steps[0]?.metrics).toMatchObject({ learningRate: 0 });
    expect(Object.keys(steps[0]?.metrics ?? {}).sort()).toEqual(
      ['accuracy', 'gradientNorm', 'learningRate', 'loss', 'rowsPerSecond', 'tokensPerSecond'].sort(),
    );
    const [prepared] = eventsOf(events, 'prepared');
    expect(prepared).toMatchObject({
      totalSteps: 108,
      trainRows: 36,
      labels: ['garden', 'gate', 'kettle', 'keys'],
      memoryBytes: 1000,
    });
    const evaluations = eventsOf(events, 'evaluated');
    expect(evaluations.filter((event) => event.split === 'validation')).toHaveLength(12);
    const test = evaluations.find((event) => event.split === 'test');
    expect(test?.metrics['accuracy']).toBeGreaterThan(0.9);
    expect(test?.confusion?.counts.flat().reduce((sum, count) => sum + count, 0)).toBe(12);
    const [finished] = eventsOf(events, 'finished');
    expect(finished?.metrics['test']).toEqual(test?.metrics);
    expect(finished).toMatchObject({ outcome: 'completed', step: 108, peakMemoryBytes: 2000 });
    expect(finished?.trainableParameters).toBe(prepared?.trainableParameters);

    const model = {
      modelFolder: job.modelFolder,
      trainedFolder: join(job.runFolder, 'result'),
      task: 'classification',
    } as const;
    const predictor = loadPredictor({ model, backend, files });
    const rows = readFileSync(job.dataFile, 'utf8')
      .trim()
      .split('\n')
      .map((line) => rowSchema.parse(JSON.parse(line)))
      .filter((row) => row.split === 'test');
    const predictions = predictor.predict(rows).map(labelsOf);
    const right = predictions.filter((labels, row) => labels[0]?.label === rows[row]?.label).length;
    expect(right / rows.length).toBeCloseTo(test?.metrics['accuracy'] ?? NaN, 10);
    const total = predictions[0]?.reduce((sum, { probability }) => sum + probability, 0);
    expect(total).toBeCloseTo(1, 5);

    const merged = join(folder, 'merged');
    mergeModel({ model, targetFolder: merged, backend, files });
    const whole = loadPredictor({
      model: { modelFolder: merged, task: 'classification' },
      backend,
      files,
    });
    const again = whole.predict(rows).map(labelsOf);
    again.forEach((labels, row) => {
      labels.forEach(({ label, probability }, place) => {
        const expected = predictions[row]?.[place];
        expect(label).toBe(expected?.label);
        expect(probability).toBeCloseTo(expected?.probability ?? NaN, 5);
      });
    });
    predictor.dispose();
    whole.dispose();
  });

  it('gives the same bytes for the same seed, and others for another', async () => {
    const run = async (name: string, seed: number) => {
      const job = makeTinyJob(join(folder, name), { training: { epochs: 1, batchSize: 8, seed } });
      await train(job);
      return resultBytes(job);
    };
    const first = await run('a', 3);
    expect(await run('b', 3)).toEqual(first);
    expect(await run('c', 4)).not.toEqual(first);
  });

  it('goes on after stop and pause exactly as if it had never been broken', async () => {
    const unbroken = makeTinyJob(join(folder, 'a'));
    await train(unbroken);
    const job = makeTinyJob(join(folder, 'b'));
    const first = await train(job, (event, control) => {
      if (event.event === 'stepped' && event.step === 4) control.pause();
      if (event.event === 'paused') setTimeout(() => control.continue(), 0);
      if (event.event === 'stepped' && event.step === 7) control.stop();
    });
    expect(first.outcome).toBe('stopped');
    expect(eventsOf(first.events, 'paused').map(({ step }) => step)).toEqual([4]);
    expect(eventsOf(first.events, 'resumed').map(({ step }) => step)).toEqual([4]);
    expect(eventsOf(first.events, 'finished')[0]).toMatchObject({ outcome: 'stopped', step: 7 });
    const second = await train({ ...job, resume: true });
    expect(eventsOf(second.events, 'started')[0]?.resumedFromStep).toBe(7);
    expect(eventsOf(second.events, 'stepped')[0]?.step).toBe(8);
    expect(resultBytes(job)).toEqual(resultBytes(unbroken));
  });

  it('keeps the newest checkpoints and the best', async () => {
    const job = makeTinyJob(folder, {
      training: { epochs: 3, batchSize: 4, checkpointEverySteps: 2, keepCheckpoints: 2, learningRate: 1e-2 },
    });
    const { events } = await train(job);
    const best =
      eventsOf(events, 'evaluated')
        .filter((event) => event.best)
        .at(-1)?.step ?? 0;
    const kept = readdirSync(join(job.runFolder, 'checkpoints')).map((name) => Number(name.slice(5)));
    expect(new Set(kept)).toEqual(new Set([best, 26, 27]));
    const listed = listCheckpoints(files, job.runFolder);
    expect(listed[0]).toMatchObject({ step: 27, kinds: best === 27 ? ['last', 'best'] : ['last'] });
    expect(listed.find(({ step }) => step === best)?.kinds).toContain('best');
  });

  it('looks for the best anew where its checkpoint is gone, and says so', async () => {
    const job = makeTinyJob(folder, { training: { epochs: 3, batchSize: 4, learningRate: 1e-2 } });
    await train(job, (event, control) => event.event === 'stepped' && event.step === 20 && control.stop());
    const best = listCheckpoints(files, job.runFolder).find(({ kinds }) => kinds.join() === 'best');
    if (!best) throw new Error('The newest checkpoint is the best.');
    rmSync(best.folder, { recursive: true });
    const { events, outcome } = await train({ ...job, resume: true });
    expect(outcome).toBe('completed');
    expect(eventsOf(events, 'noted').map(({ problem }) => [problem.code, problem.params])).toEqual([
      ['run.bestMissing', { step: best.step }],
    ]);
    expect(eventsOf(events, 'evaluated')[0]).toMatchObject({ step: 27, split: 'validation', best: true });
  });

  it('ends when its time is over, measured and saved', async () => {
    const training = { epochs: 50, batchSize: 8, maximumMinutes: 1e-9 };
    const { events, outcome } = await train(makeTinyJob(folder, { training }));
    expect(outcome).toBe('completed');
    const names = events.map(({ event }) => event);
    expect(names.filter((name) => name === 'stepped')).toHaveLength(1);
    expect(names).toContain('evaluated');
    expect(names).toContain('checkpointed');
  });

  it('stops early when patience runs out', async () => {
    const job = makeTinyJob(folder, {
      training: { epochs: 50, batchSize: 8, learningRate: 1e-9, earlyStoppingPatience: 2 },
    });
    const { events, outcome } = await train(job);
    expect(outcome).toBe('completed');
    expect(eventsOf(events, 'evaluated').filter((event) => event.split === 'validation')).toHaveLength(3);
  });

  it('accumulates gradients: two half batches are one whole batch', async () => {
    const losses = async (name: string, training: Record<string, number>) => {
      const job = makeTinyJob(join(folder, name), {
        method: { id: 'full', options: {} },
        training: { epochs: 1, seed: 1, learningRate: 1e-3, ...training },
      });
      const config = join(job.modelFolder, 'config.json');
      const noDropout = JSON.parse(readFileSync(config, 'utf8')) as Record<string, unknown>;
      noDropout['hidden_dropout_prob'] = 0;
      noDropout['attention_probs_dropout_prob'] = 0;
      writeFileSync(config, JSON.stringify(noDropout));
      const { events } = await train(job);
      return eventsOf(events, 'stepped').map((event) => event.metrics['gradientNorm'] ?? 0);
    };
    // 36 rows in one batch, or in three batches of one step: the order of rows does not matter to the sum.
    const [whole] = await losses('a', { batchSize: 36 });
    const [parts] = await losses('b', { batchSize: 12, accumulation: 3 });
    expect(parts).toBeCloseTo(whole ?? NaN, 4);
  });

  it('writes a whole model folder for methods that train the model itself', async () => {
    const job = makeTinyJob(folder, { method: { id: 'full', options: {} }, training: { epochs: 1 } });
    await train(job);
    const result = join(job.runFolder, 'result');
    expect(readdirSync(result)).toEqual(
      expect.arrayContaining(['config.json', 'model.safetensors', 'tokenizer.json', 'tunebench.json']),
    );
    const model = { modelFolder: job.modelFolder, trainedFolder: result, task: 'classification' } as const;
    const predictor = loadPredictor({ model, backend, files });
    expect(predictor.labels).toEqual(['garden', 'gate', 'kettle', 'keys']);
    expect(labelsOf(predictor.predict([{ text: 'the gate' }])[0])).toHaveLength(4);
    predictor.dispose();
  });

  it('trains with frozen weights in bfloat16', async () => {
    const job = makeTinyJob(folder, { training: { epochs: 1, precision: 'bfloat16' } });
    const { events } = await train(job);
    for (const { metrics } of eventsOf(events, 'stepped')) expect(metrics['loss']).toBeLessThan(3);
    const whole = makeTinyJob(join(folder, 'whole'), {
      method: { id: 'full', options: {} },
      training: { maximumSteps: 1, precision: 'bfloat16' },
    });
    const notes = eventsOf((await train(whole)).events, 'noted').map((event) => event.problem.code);
    expect(notes).toEqual(['run.halvesNotForMethod']);
  });
});

describe('runTraining, causal language model', () => {
  it('lowers the loss on answers and writes them', async () => {
    const job = makeTinyJob(folder, {
      task: 'causalLm',
      method: { id: 'full', options: {} },
      training: { epochs: 25, batchSize: 6, learningRate: 5e-3, seed: 1 },
    });
    const { events } = await train(job);
    const losses = eventsOf(events, 'evaluated').map((event) => event.metrics['loss'] ?? NaN);
    expect(losses.at(-1)).toBeLessThan((losses[0] ?? 0) / 2);
    const [finished] = eventsOf(events, 'finished');
    expect(Object.keys(finished?.metrics['test'] ?? {}).sort()).toEqual([
      'loss',
      'perplexity',
      'tokenAccuracy',
    ]);

    const model = {
      modelFolder: job.modelFolder,
      trainedFolder: join(job.runFolder, 'result'),
      task: 'causalLm',
    } as const;
    const predictor = loadPredictor({ model, backend, files });
    const options = {
      maximumNewTokens: 20,
      temperature: 0,
      topK: 0,
      topP: 1,
      repetitionPenalty: 1,
      stop: [],
      seed: 0,
    };
    const pieces = [...predictor.generate('please please gate', options)];
    expect(pieces.join('')).toBe('gate 열쇠');
    expect([...predictor.generate('please please gate', { ...options, stop: ['열'] })].join('')).toBe(
      'gate ',
    );
    const sampled = (seed: number) =>
      [...predictor.generate('it keys', { ...options, temperature: 3, seed })].join('');
    expect(sampled(1)).toBe(sampled(1));
    expect(sampled(1)).not.toBe(sampled(2));
    const early = predictor.generate('it keys', options);
    early.next();
    early.return();
    predictor.dispose();
  });
});

describe('runTraining, wrong input', () => {
  it('reports every problem at once, before anything is written', async () => {
    const job = makeTinyJob(folder, {
      method: { id: 'lora', options: { rank: 500 } },
      objective: { maximumLength: 100 },
      training: { learningRate: 0, epochs: Number.NaN, speed: 3 },
    });
    const codes = await problemsOf(train(job));
    expect([...new Set(codes)].sort()).toEqual(
      [
        'method.rankTooLarge',
        'option.outOfRange',
        'option.unknown',
        'option.wrongType',
        'run.lengthBeyondModel',
      ].sort(),
    );
    expect(files.exists(job.runFolder)).toBe(false);
  });

  it('refuses one label, no training rows and patience without validation rows', async () => {
    const job = makeTinyJob(folder, { training: { earlyStoppingPatience: 1 } });
    writeFileSync(job.dataFile, '{"split":"train","text":"the gate","label":"a"}\n');
    expect((await problemsOf(train(job))).sort()).toEqual(['run.monitorNeedsValidation', 'run.oneLabel']);
    writeFileSync(job.dataFile, '{"split":"test","text":"the gate","label":"a"}\n');
    expect(await problemsOf(train(job))).toContain('run.noTrainingRows');
  });

  it('names the broken line of the data file', async () => {
    const job = makeTinyJob(folder);
    writeFileSync(job.dataFile, '{"split":"train","text":"a","label":"a"}\n{"split":"nowhere"}\n');
    await expect(train(job)).rejects.toThrow(/Line 2 of the data file/);
  });

  it('notes rows that are empty or too long', async () => {
    const job = makeTinyJob(folder, { objective: { maximumLength: 5 }, training: { epochs: 1 } });
    writeFileSync(
      job.dataFile,
      readFileSync(job.dataFile, 'utf8') + '{"split":"train","text":" ","label":"gate"}\n',
    );
    const { events } = await train(job);
    expect(eventsOf(events, 'noted').map((event) => event.problem.code)).toEqual([
      'run.rowsCut',
      'run.rowsSkipped',
    ]);
  });

  it('fails with step and remedy when the loss is no number, leaving the weights alone', async () => {
    const job = makeTinyJob(folder, {
      method: { id: 'full', options: {} },
      training: { learningRate: 10, epochs: 5, warmup: 0, maximumGradientNorm: 0, schedule: 'constant' },
    });
    const model = join(job.modelFolder, 'model.safetensors');
    const bytes = readFileSync(model);
    const headerBytes = Number(bytes.readBigUInt64LE(0));
    const header: unknown = JSON.parse(bytes.toString('utf8', 8, 8 + headerBytes));
    const name = 'bert.encoder.layer.0.intermediate.dense.weight';
    const {
      data_offsets: [start, end],
    } = z.object({ [name]: z.object({ data_offsets: z.tuple([z.number(), z.number()]) }) }).parse(header)[
      name
    ];
    // Weights of 1e38 overflow in the first product.
    for (let at = start; at < end; at += 4)
      bytes.writeFloatLE(at % 8 === 0 ? 1e38 : -1e38, 8 + headerBytes + at);
    writeFileSync(model, bytes);
    expect(await problemsOf(train(job))).toEqual(['run.lossNotFinite']);
  });

  it('does not go on from a checkpoint of other data or settings', async () => {
    const job = makeTinyJob(folder);
    await train(job, (event, control) => {
      if (event.event === 'stepped' && event.step === 2) control.stop();
    });
    const otherSeed = { ...job, resume: true, config: { ...job.config, training: { seed: 9 } } };
    expect(await problemsOf(train(otherSeed))).toEqual(['run.checkpointMismatch']);
    writeFileSync(job.dataFile, readFileSync(job.dataFile, 'utf8').replace('kettle', 'keys'));
    expect(await problemsOf(train({ ...job, resume: true }))).toEqual(['run.checkpointMismatch']);
  });
});

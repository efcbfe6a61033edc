/** Measures a generation row: both sides write the same number of tokens from the same prompts. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startOwn, startReference, runOwn } from './programs.mjs';
import { gpt2Small } from './shapes.mjs';
import { measureInTurn } from './trainingRow.mjs';

/** @typedef {import('./rows.mjs').GenerationRow} GenerationRow */
/** @typedef {import('./trainingRow.mjs').TrainingMeasurement} Measurement */

const promptTokens = 16;

/**
 * @param {GenerationRow} row @param {string} folder an empty one
 * @param {{ pairs: number, withReference: boolean, precisions: ('fp32' | 'bf16')[] }} settings
 * @returns {Promise<Measurement>}
 */
export async function measureGeneration({ batch, newTokens }, folder, { pairs, withReference, precisions }) {
  /** @type {(type: 'F32' | 'BF16', workFolder: string) => import('../../tests/bench/plan.ts').BenchPlan} */
  const planFor = (type, workFolder) => ({
    row: 'G',
    task: 'causalLm',
    model: { kind: 'random', config: gpt2Small, type },
    data: { kind: 'texts', rows: 1, tokens: promptTokens },
    method: { id: 'lora', options: {} },
    startMethod: null,
    maximumLength: promptTokens,
    batchSize: 1,
    accumulation: 1,
    learningRate: 1e-4,
    training: {},
    epochs: 1,
    maximumSteps: 1,
    seed: 0,
    workFolder,
  });
  const sizes = ['--batch', String(batch), '--prompt', String(promptTokens)];
  const rhythm = { warmupSteps: 16, windowSteps: newTokens, pairs };
  const measure = async (/** @type {'fp32' | 'bf16'} */ precision) => {
    if (!precisions.includes(precision)) return null;
    // A model is tried in the type it is stored in.
    const workFolder = join(folder, precision);
    mkdirSync(workFolder);
    const planPath = join(workFolder, 'plan.json');
    writeFileSync(planPath, JSON.stringify(planFor(precision === 'fp32' ? 'F32' : 'BF16', workFolder)));
    await runOwn('prepare', planPath);
    const common = ['--model', join(workFolder, 'model'), ...sizes];
    const sides = [startOwn('generate', ...common)];
    try {
      if (withReference) sides.push(startReference('bench_generate', ...common, '--precision', precision));
      const [own, reference = null] = await measureInTurn(sides, rhythm);
      return own === undefined ? null : { own, reference };
    } finally {
      for (const side of sides) await side.end();
    }
  };
  const amount = { rows: batch, tokens: batch * newTokens, operations: 0 };
  return { fp32: await measure('fp32'), bf16: await measure('bf16'), amounts: [amount] };
}

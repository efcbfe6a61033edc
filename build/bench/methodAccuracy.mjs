/**
 * The accuracy that each method reaches on real weights and data, here and in the library that has the same method, from
 * the same initial values and with the same rows in the same order. What is measured is kept at once, so that a run that
 * was broken off goes on where it stopped.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../setup/paths.mjs';
import { fillPage, writeFormatted } from './document.mjs';
import { methodRecipes } from './methodRecipes.mjs';
import { runOwn, startAdaptersReference, startOwn, startReference } from './programs.mjs';
import { withWorkFolder } from './workFolder.mjs';

/** @typedef {import('./methodRecipes.mjs').MethodRecipe} MethodRecipe */
/** @typedef {{ trainRows: number, epochs: number, batchSize: number, seed: number }} Recipe shared by all methods */
/** @typedef {{ accuracy: number, trainable: number, lastLoss: number }} Reached */
/**
 * @typedef {object} MethodResult
 * @property {string} name
 * @property {string} method
 * @property {Record<string, unknown>} options
 * @property {number} learningRate
 * @property {MethodRecipe['counterpart']} counterpart
 * @property {Recipe} recipe
 * @property {Reached} own
 * @property {Reached | null} reference
 */
/** @typedef {{ tolerance: number, testRows: number, results: MethodResult[] }} AccuracyRecord */

/** What a method may stay behind its counterpart. */
const tolerance = 0.015;
const recordPath = join(projectRoot, 'docs', 'methods', 'accuracy.json');
const pagePath = join(projectRoot, 'docs', 'methods', 'README.md');

/** @returns {AccuracyRecord} */
function readRecord() {
  const empty = { tolerance, testRows: 0, results: [] };
  return existsSync(recordPath) ? JSON.parse(readFileSync(recordPath, 'utf8')) : empty;
}

/** @param {MethodRecipe} method @param {string} planPath */
function startCounterpart({ counterpart }, planPath) {
  const given = ['--plan', planPath, '--precision', 'fp32'];
  return counterpart === 'adapters'
    ? startAdaptersReference('bench', ...given)
    : startReference('bench_train', ...given);
}

/** @param {import('./contestant.mjs').Contestant} program @returns {Promise<Reached>} */
async function finish(program) {
  try {
    const { trainable } = await program.next();
    const { accuracy, losses } = await program.take('finish');
    const last = /** @type {number[]} */ (losses).at(-1);
    return { accuracy: Number(accuracy), trainable: Number(trainable), lastLoss: Number(last) };
  } finally {
    await program.end();
  }
}

/**
 * @param {MethodRecipe} method @param {Recipe} recipe
 * @param {{ model: string, data: string }} material real weights and real data
 * @returns {Promise<{ result: MethodResult, testRows: number }>}
 */
async function measureMethod(method, recipe, { model, data }) {
  return withWorkFolder(async (folder) => {
    const planPath = join(folder, 'plan.json');
    /** @type {import('../../tests/bench/plan.ts').BenchPlan} */
    const plan = {
      row: method.name,
      task: 'classification',
      // Dropout draws differently on both sides, so there is none.
      model: { kind: 'folder', folder: model, dropout: false },
      data: {
        kind: 'banking77',
        folder: data,
        trainRows: recipe.trainRows,
        withTest: true,
        heldOutEvery: method.heldOutEvery,
      },
      method: method.method,
      startMethod: method.startMethod ?? method.method,
      maximumLength: 128,
      batchSize: recipe.batchSize,
      accumulation: 1,
      learningRate: method.learningRate,
      training: {},
      epochs: recipe.epochs,
      maximumSteps: 0,
      seed: recipe.seed,
      workFolder: folder,
    };
    writeFileSync(planPath, JSON.stringify(plan));
    await runOwn('prepare', planPath);
    const own = await finish(startOwn('train', '--plan', planPath, '--precision', 'float32'));
    const reference = method.counterpart === null ? null : await finish(startCounterpart(method, planPath));
    const start = JSON.parse(readFileSync(join(folder, 'start', 'start.json'), 'utf8'));
    const { name, learningRate, counterpart } = method;
    const { id, options } = method.method;
    return {
      result: { name, method: id, options, learningRate, counterpart, recipe, own, reference },
      testRows: start.test.length,
    };
  });
}

/** @param {AccuracyRecord} record */
function writeRecordTable({ results, testRows }) {
  const percent = (/** @type {number} */ share) => `${(100 * share).toFixed(1)} %`;
  const points = (/** @type {number} */ gap) => (100 * gap).toFixed(1).replace('-0.0', '0.0');
  const first = results[0]?.recipe;
  const rows = results.map(({ name, own, reference, counterpart, learningRate }) => {
    const gap = reference === null ? '–' : points(own.accuracy - reference.accuracy);
    const other = reference === null ? '–' : `${percent(reference.accuracy)} (${counterpart})`;
    const trained = own.trainable.toLocaleString('en-US');
    return `| ${name} | ${learningRate} | ${trained} | ${percent(own.accuracy)} | ${other} | ${gap} |`;
  });
  const recipe =
    first &&
    `all-MiniLM-L6-v2 on Banking77 (77 classes): ${first.trainRows.toLocaleString('en-US')} training rows, ${first.epochs} epochs of batches of ${first.batchSize}, AdamW with a linear schedule, float32, no dropout, seed ${first.seed}; accuracy on all ${testRows.toLocaleString('en-US')} test rows. Both sides start from the same values and see the same rows in the same order. \`npm run bench -- --methods all\` measures what is not there yet.`;
  return [
    recipe,
    '',
    '| Method | Learning rate | Trained | Tunebench | Counterpart | Points of difference |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

/** @param {AccuracyRecord} record */
async function keepRecord(record) {
  await writeFormatted(recordPath, JSON.stringify(record));
  await writeFormatted(pagePath, fillPage(pagePath, 'accuracy', writeRecordTable(record)));
}

/**
 * Measures the methods that are wanted and not measured yet with this recipe.
 * @param {string} wanted names separated by commas, or `all`
 * @param {Recipe} recipe
 * @param {{ model: string, data: string }} material
 * @param {(line: string) => void} tell
 * @returns {Promise<boolean>} whether each of them comes near enough to its counterpart
 */
export async function compareMethods(wanted, recipe, material, tell) {
  const names = wanted === 'all' ? methodRecipes.map(({ name }) => name) : wanted.split(',');
  let isGood = true;
  for (const name of names) {
    const method = methodRecipes.find((one) => one.name === name);
    if (method === undefined)
      throw new Error(`There is no recipe for "${name}" in build/bench/methodRecipes.mjs.`);
    const isSame = (/** @type {MethodResult} */ one) =>
      one.name === name &&
      one.learningRate === method.learningRate &&
      JSON.stringify([one.options, one.recipe]) === JSON.stringify([method.method.options, recipe]);
    if (readRecord().results.some(isSame)) continue;
    try {
      const { result, testRows } = await measureMethod(method, recipe, material);
      const record = readRecord();
      const order = (/** @type {MethodResult} */ one) =>
        methodRecipes.findIndex((recipe) => recipe.name === one.name);
      const results = [...record.results.filter((one) => one.name !== name), result];
      await keepRecord({ ...record, testRows, results: results.toSorted((a, b) => order(a) - order(b)) });
      const { own, reference } = result;
      tell(`${name}: ${own.accuracy.toFixed(4)}, counterpart ${reference?.accuracy.toFixed(4) ?? 'none'}`);
      if (reference && own.accuracy < reference.accuracy - tolerance) isGood = false;
    } catch (error) {
      tell(`${name}: ${error instanceof Error ? error.message : String(error)}`);
      isGood = false;
    }
  }
  const record = readRecord();
  if (record.results.length > 0) await keepRecord(record);
  return isGood;
}

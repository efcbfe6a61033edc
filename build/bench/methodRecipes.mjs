/**
 * One recipe for each method on MiniLM and Banking77. Rows, batches, epochs and schedule are the same for all of them; the
 * learning rate is what suits the method, since soft prompts and factors learn slowly and whole weights spoil quickly.
 */

/** @typedef {import('../../tests/bench/plan.ts').BenchPlan} BenchPlan */
/**
 * @typedef {object} MethodRecipe
 * @property {string} name as in the table and on the command line
 * @property {BenchPlan['method']} method
 * @property {BenchPlan['method']} [startMethod] who makes the start that both sides share, where it is another
 * @property {number} learningRate
 * @property {number} [heldOutEvery] for methods that need validation rows, which it takes from the training rows
 * @property {'transformers' | 'peft' | 'adapters' | null} counterpart the library that has the same method; null: none has
 */

/** @param {string} id @param {BenchPlan['method']['options']} options */
const method = (id, options = {}) => ({ id, options });

const rank8 = { rank: 8, alpha: 16, dropout: 0, targets: ['query', 'value'] };

/** @type {readonly MethodRecipe[]} */
export const methodRecipes = [
  { name: 'lora', method: method('lora', rank8), learningRate: 2e-3, counterpart: 'peft' },
  { name: 'full', method: method('full'), learningRate: 2e-4, counterpart: 'transformers' },
  { name: 'head', method: method('head'), learningRate: 1e-2, counterpart: 'transformers' },
  {
    name: 'freezing',
    method: method('freezing', { lastLayers: 2 }),
    learningRate: 1e-3,
    counterpart: 'transformers',
  },
  { name: 'bitfit', method: method('bitfit'), learningRate: 5e-3, counterpart: 'transformers' },
  { name: 'ia3', method: method('ia3'), learningRate: 1e-2, counterpart: 'peft' },
  { name: 'pfeiffer', method: method('pfeiffer'), learningRate: 2e-3, counterpart: 'adapters' },
  { name: 'houlsby', method: method('houlsby'), learningRate: 2e-3, counterpart: 'adapters' },
  {
    name: 'promptTuning',
    method: method('promptTuning', { virtualTokens: 10 }),
    learningRate: 1e-2,
    counterpart: 'peft',
  },
  {
    name: 'prefixTuning',
    method: method('prefixTuning', { virtualTokens: 10 }),
    learningRate: 1e-2,
    counterpart: 'peft',
  },
  {
    name: 'pTuning',
    method: method('pTuning', { virtualTokens: 10 }),
    learningRate: 5e-3,
    counterpart: 'peft',
  },
  {
    name: 'qlora',
    method: method('qlora', rank8),
    startMethod: method('lora', rank8),
    learningRate: 2e-3,
    counterpart: 'peft',
  },
  {
    name: 'lora.dora',
    method: method('lora', { ...rank8, useDora: true }),
    learningRate: 2e-3,
    counterpart: 'peft',
  },
  {
    name: 'lora.pissa',
    method: method('lora', { ...rank8, init: 'pissa' }),
    learningRate: 1e-3,
    counterpart: 'peft',
  },
  {
    name: 'adalora',
    method: method('adalora', { dropout: 0, targets: ['query', 'value'] }),
    learningRate: 4e-3,
    counterpart: 'peft',
  },
  { name: 'unipelt', method: method('unipelt'), learningRate: 5e-4, counterpart: 'adapters' },
  // No library has these.
  {
    name: 'noah',
    method: method('noah'),
    learningRate: 2e-3,
    // Its search judges by rows it does not train on.
    heldOutEvery: 10,
    counterpart: null,
  },
  {
    name: 'promptEnsemble',
    method: method('promptEnsemble', { virtualTokens: 10 }),
    learningRate: 1e-2,
    counterpart: null,
  },
  {
    name: 'intrinsicDimension',
    method: method('intrinsicDimension', { dimension: 5000 }),
    learningRate: 1e-2,
    counterpart: null,
  },
];

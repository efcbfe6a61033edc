import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { isMergeable } from '../../../../src-main/contract/methodTraits.ts';
import type { ModelType } from '../../../../src-main/contract/methods.ts';
import { checkOptions } from '../../../../src-main/contract/options.ts';
import type { Backend } from '../../../../src-main/engine/backend/backend.ts';
import { listMethods } from '../../../../src-main/engine/methods/registry.ts';
import { surveyMethods } from '../../../../src-main/engine/train/survey.ts';
import { loadModel } from '../../../../src-main/engine/models/load.ts';
import { publishedShapes } from '../../../../src-main/services/bakeOff/publishedShapes.ts';
import { recordedFiles } from '../../../parity/recordings.ts';
import { MemoryFiles } from '../memoryFiles.ts';
import { loadTestBackend } from '../testBackend.ts';

/** A model's sizes: width, inner width, blocks, and width of keys and values. */
interface Sizes {
  readonly width: number;
  readonly inner: number;
  readonly blocks: number;
  readonly keys: number;
}
type Formula = (sizes: Sizes) => number;

const llama7B: Sizes = { width: 4096, inner: 11008, blocks: 32, keys: 4096 };
const mistral7B: Sizes = { width: 4096, inner: 14336, blocks: 32, keys: 1024 };
const vocabulary = 32000;

const bottleneck = (width: number, factor: number) => {
  const inner = width / factor;
  return 2 * width * inner + inner + width;
};
/** Sizes of a block's linear layers and norms without biases. */
const block = ({ width, inner, keys }: Sizes) =>
  2 * width * width + 2 * width * keys + 3 * width * inner + 2 * width;

/** What each method trains of a decoder with its usual settings, as its paper counts it. */
const formulas: Readonly<Record<string, Formula>> = {
  lora: ({ width: h, keys, blocks }) => blocks * 8 * (h + h + h + keys),
  qlora: ({ width: h, inner, keys, blocks }) =>
    blocks * 16 * (2 * (h + h) + 2 * (h + keys) + 3 * (h + inner)),
  adalora: ({ width: h, keys, blocks }) => blocks * 12 * (h + h + 1 + h + keys + 1),
  full: (sizes) => sizes.blocks * block(sizes) + sizes.width + 2 * vocabulary * sizes.width,
  freezing: (sizes) => 2 * block(sizes) + sizes.width + vocabulary * sizes.width,
  ia3: ({ inner, keys, blocks }) => blocks * (2 * keys + inner),
  promptTuning: ({ width }) => 20 * width,
  prefixTuning: ({ keys, blocks }) => 20 * blocks * 2 * keys,
  pTuning: ({ width: h }) => 20 * h + (h * 128 + 128) + (128 * 128 + 128) + (128 * h + h),
  houlsby: ({ width, blocks }) => blocks * 2 * bottleneck(width, 16),
  pfeiffer: ({ width, blocks }) => blocks * bottleneck(width, 16),
  madx: ({ width, blocks }) => blocks * bottleneck(width, 2) + 2 * bottleneck(width / 2, 2),
  llamaAdapter: ({ width, blocks }) => blocks * (10 * width + 1),
  // The largest of its sub-networks: one narrow matrix before queries, keys and values together.
  noah: ({ width: h, keys, blocks }) => 10 * h + blocks * (16 * (h + h + 2 * keys) + 2 * h * 16 + 16 + h),
  intrinsicDimension: () => 5000,
};

/** Methods that a decoder without biases that writes cannot take. */
const notForThese = ['head', 'bitfit', 'unipelt', 'promptEnsemble'];

describe.each([
  ['Llama 2 7B', llama7B],
  ['Mistral 7B', mistral7B],
] as const)('%s, by its shape alone', (name, sizes) => {
  const configJson = publishedShapes[name] ?? {};
  const survey = surveyMethods(new MemoryFiles(), { name, configJson }, 'causalLm', 1);

  it('is counted whole', () => {
    const formula = formulas['full'];
    expect(survey.totalParameters).toBe(formula?.(sizes));
  });

  test.each(survey.methods)('$methodId counts as its formula', ({ methodId, count, problems }) => {
    if (notForThese.includes(methodId)) {
      expect(count).toBeNull();
      expect(problems.length).toBeGreaterThan(0);
      return;
    }
    expect(problems).toEqual([]);
    const formula = formulas[methodId];
    expect(formula, `a formula for ${methodId}`).toBeDefined();
    expect((count?.own ?? 0) + (count?.added ?? 0)).toBe(formula?.(sizes));
  });
});

it('every published shape can be surveyed, and some method is for it', () => {
  for (const [name, configJson] of Object.entries(publishedShapes)) {
    const { methods } = surveyMethods(new MemoryFiles(), { name, configJson }, 'classification', 2);
    expect(methods.filter(({ count }) => count !== null).length, name).toBeGreaterThan(10);
  }
});

describe('on a loaded model', () => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await loadTestBackend();
  });
  let handles = 0;
  beforeAll(() => (handles = backend.liveHandles));
  afterAll(() => expect(backend.liveHandles).toBe(handles));

  const wanted: readonly ModelType[] = ['llama', 'bert'];
  const rows = listMethods().flatMap((method) => {
    const modelType = wanted.find((type) => method.spec.modelTypes.includes(type)) ?? 'gpt2';
    const task = (['classification', 'causalLm'] as const).find((each) => method.spec.tasks.includes(each));
    return task === undefined ? [] : [{ id: method.spec.id, method, modelType, task }];
  });

  test.each(rows)('$id merges as its traits say', ({ method, modelType: usual, task }) => {
    const modelType = method.spec.id === 'bitfit' ? 'bert' : usual;
    const files = recordedFiles(modelType);
    const model = loadModel({ files, folder: modelType, backend, task, labels: ['a', 'b'], seed: 0 });
    const small = { virtualTokens: 2, dimension: 50, prefixLength: 2 };
    const known = Object.entries(small).filter(([name]) => name in method.spec.options);
    const { values } = checkOptions(method.spec.options, Object.fromEntries(known), '');
    const attached = method.attach(model, values, 0);
    const { traits } = method.spec;
    // Methods that train the model's own weights have nothing to merge, or merge what spreads over them.
    if (method.output === 'adapter') expect(attached.merge !== null).toBe(isMergeable(traits));
    else expect(traits.inference).toBe('none');
    const trainsOwn = attached.trainable.some(
      ({ name }) => model.parameters.has(name) && !model.headNames.includes(name),
    );
    if (trainsOwn) expect(traits.base).not.toBe('fixed');
    expect(traits.learningRate).toBeGreaterThan(0);
    attached.detach();
    model.dispose();
  });
});

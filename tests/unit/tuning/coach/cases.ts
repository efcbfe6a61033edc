/** What was done to a recorded run on purpose; the coach is to find it in the curves alone. */
export type Cause =
  | 'healthy'
  | 'rateTooHigh'
  | 'rateTooLow'
  | 'overFitting'
  | 'underFitting'
  | 'plateau'
  | 'classNeverPredicted'
  | 'noisyLoss'
  | 'forgetting'
  | 'forgettingTask'
  | 'domainShift'
  | 'unknownTokens'
  | 'heldOutShift';

/**
 * `sample`: the tiny encoder on the household requests; `minilm`: real weights on some classes of Banking77. The others
 * watch texts besides: `answers` is the tiny decoder on Korean questions and answers, which it has read before, and
 * watches English questions; `foreign` is the same on this project's own pages; `continued` goes on with a classifier of
 * eight classes of Banking77 and watches all of them. `languages`: the household requests, English to train on and
 * Korean to validate; `strange`: Korean texts for a model whose vocabulary is English.
 */
export type MaterialName =
  'sample' | 'minilm' | 'answers' | 'foreign' | 'continued' | 'languages' | 'strange';

export interface CurveCase {
  readonly name: string;
  readonly cause: Cause;
  readonly material: MaterialName;
  readonly method: { readonly id: string; readonly options?: Readonly<Record<string, number>> };
  readonly training: Readonly<Record<string, number | string>>;
  /** Training rows a class; all when left out. */
  readonly rowsPerClass?: number;
  /** Only rows of the first so many classes are trained on; all when left out. */
  readonly classes?: number;
  /** Training rows of the first class, where it is to be rare. */
  readonly rareRows?: number;
  /** Share of training rows whose label is replaced by another. */
  readonly noise?: number;
}

const lora = { id: 'lora', options: { rank: 8, alpha: 16 } };
const full = { id: 'full' };
const every = { evaluateEverySteps: 20 };

/** Every recorded run: `record.ts` trains them, the test reads what it wrote. */
export const curveCases: readonly CurveCase[] = [
  // Nothing wrong: usual rates, enough rows, ended when the curve had settled.
  ...[0, 1, 2].map((seed): CurveCase => ({
    name: `healthy-lora-${seed}`,
    cause: 'healthy',
    material: 'minilm',
    method: lora,
    training: { learningRate: [3e-3, 2e-3, 4e-3][seed] ?? 2e-3, epochs: 6, batchSize: 16, seed, ...every },
  })),
  ...[0, 1].map((seed): CurveCase => ({
    name: `healthy-full-${seed}`,
    cause: 'healthy',
    material: 'minilm',
    method: full,
    training: { learningRate: [2e-4, 3e-4][seed] ?? 2e-4, epochs: 4, batchSize: 16, seed, ...every },
  })),
  {
    name: 'healthy-cosine',
    cause: 'healthy',
    material: 'minilm',
    method: full,
    training: { learningRate: 2e-4, epochs: 4, batchSize: 32, schedule: 'cosine', seed: 5, ...every },
  },
  ...[0, 1, 2].map((seed): CurveCase => ({
    name: `healthy-sample-${seed}`,
    cause: 'healthy',
    material: 'sample',
    method: full,
    training: { learningRate: [1e-3, 5e-4, 7e-4][seed] ?? 1e-3, epochs: 6, batchSize: 16, seed, ...every },
  })),
  // Rates far above what the method likes.
  ...[3e-2, 1e-1, 5e-1].map((learningRate): CurveCase => ({
    name: `rate-high-lora-${learningRate}`,
    cause: 'rateTooHigh',
    material: 'minilm',
    method: lora,
    training: { learningRate, epochs: 3, batchSize: 16, seed: 1, ...every },
  })),
  ...[5e-3, 2e-2, 1].map((learningRate): CurveCase => ({
    name: `rate-high-full-${learningRate}`,
    cause: 'rateTooHigh',
    material: 'minilm',
    method: full,
    training: { learningRate, epochs: 3, batchSize: 16, seed: 2, ...every },
  })),
  {
    name: 'rate-high-sample',
    cause: 'rateTooHigh',
    material: 'sample',
    method: full,
    training: { learningRate: 3e-2, epochs: 4, batchSize: 16, seed: 3, ...every },
  },
  // Rates so low that the loss hardly moves.
  ...[1e-5, 3e-5].map((learningRate): CurveCase => ({
    name: `rate-low-lora-${learningRate}`,
    cause: 'rateTooLow',
    material: 'minilm',
    method: lora,
    training: { learningRate, epochs: 3, batchSize: 16, seed: 1, ...every },
  })),
  ...[1e-7, 1e-6].map((learningRate): CurveCase => ({
    name: `rate-low-full-${learningRate}`,
    cause: 'rateTooLow',
    material: 'minilm',
    method: full,
    training: { learningRate, epochs: 3, batchSize: 16, seed: 2, ...every },
  })),
  {
    name: 'rate-low-sample',
    cause: 'rateTooLow',
    material: 'sample',
    method: full,
    training: { learningRate: 1e-6, epochs: 4, batchSize: 16, seed: 4, ...every },
  },
  // Learned by heart: few rows or wrong labels, seen too often.
  ...[0, 1].map((seed): CurveCase => ({
    name: `over-few-rows-${seed}`,
    cause: 'overFitting',
    material: 'sample',
    method: full,
    rowsPerClass: 12,
    training: {
      learningRate: 1e-3,
      epochs: 30,
      batchSize: 16,
      schedule: 'constant',
      seed,
      evaluateEverySteps: 10,
    },
  })),
  ...[0.4, 0.5].map((noise): CurveCase => ({
    name: `over-noise-${noise}`,
    cause: 'overFitting',
    material: 'minilm',
    method: full,
    noise,
    training: { learningRate: 3e-4, epochs: 8, batchSize: 16, schedule: 'constant', seed: 1, ...every },
  })),
  {
    name: 'over-noise-sample',
    cause: 'overFitting',
    material: 'sample',
    method: full,
    noise: 0.3,
    training: { learningRate: 1e-3, epochs: 12, batchSize: 16, schedule: 'constant', seed: 2, ...every },
  },
  // Ended while still learning fast.
  ...[0, 1].map((seed): CurveCase => ({
    name: `under-short-${seed}`,
    cause: 'underFitting',
    material: 'minilm',
    method: lora,
    training: {
      learningRate: 3e-4,
      epochs: 1.5,
      batchSize: 16,
      schedule: 'constant',
      seed,
      evaluateEverySteps: 10,
    },
  })),
  {
    name: 'under-short-sample',
    cause: 'underFitting',
    material: 'sample',
    method: full,
    training: {
      learningRate: 2e-4,
      epochs: 2,
      batchSize: 16,
      schedule: 'constant',
      seed: 1,
      evaluateEverySteps: 10,
    },
  },
  // Went on long after nothing changed any more.
  ...[0, 1].map((seed): CurveCase => ({
    name: `plateau-${seed}`,
    cause: 'plateau',
    material: 'minilm',
    method: { id: 'head' },
    training: {
      learningRate: 1e-1,
      epochs: 30,
      batchSize: 32,
      schedule: 'linear',
      seed,
      evaluateEverySteps: 40,
    },
  })),
  // A class too rare to be learned.
  ...[0, 1, 2].map((seed): CurveCase => ({
    name: `rare-class-${seed}`,
    cause: 'classNeverPredicted',
    material: seed === 2 ? 'sample' : 'minilm',
    method: seed === 2 ? full : lora,
    rareRows: 2,
    training: {
      learningRate: seed === 2 ? 7e-4 : 2e-3,
      epochs: seed === 2 ? 6 : 4,
      batchSize: 16,
      seed,
      ...every,
    },
  })),
  // One row a step: each step says something else.
  ...[0, 1].map((seed): CurveCase => ({
    name: `noisy-${seed}`,
    cause: 'noisyLoss',
    material: 'minilm',
    method: lora,
    rowsPerClass: 40,
    training: { learningRate: 2e-3, epochs: 1, batchSize: 1, seed, evaluateEverySteps: 80 },
  })),
  // Learning something else without losing what was known: small steps, beside the model's weights.
  ...[0, 1].map((seed): CurveCase => ({
    name: `healthy-answers-${seed}`,
    cause: 'healthy',
    material: 'answers',
    method: lora,
    training: { learningRate: [1e-3, 2e-3][seed] ?? 1e-3, epochs: 3, batchSize: 16, seed, ...every },
  })),
  {
    name: 'healthy-continued',
    cause: 'healthy',
    material: 'continued',
    method: lora,
    training: { learningRate: 1e-3, epochs: 3, batchSize: 16, seed: 3, ...every },
  },
  // Learned at the cost of what was known: large steps on the model's own weights.
  ...[1e-3, 3e-3].map((learningRate): CurveCase => ({
    name: `forgets-answers-${learningRate}`,
    cause: 'forgetting',
    material: 'answers',
    method: full,
    training: { learningRate, epochs: 3, batchSize: 16, seed: 1, ...every },
  })),
  {
    name: 'forgets-answers-lora',
    cause: 'forgetting',
    material: 'answers',
    method: lora,
    training: { learningRate: 2e-2, epochs: 5, batchSize: 16, seed: 2, ...every },
  },
  {
    name: 'forgets-classes',
    cause: 'forgettingTask',
    material: 'continued',
    method: full,
    classes: 2,
    training: { learningRate: 5e-4, epochs: 4, batchSize: 16, seed: 0, evaluateEverySteps: 8 },
  },
  // It forgets later on, but the weights of its best step, which are kept, have not yet.
  {
    name: 'healthy-kept-early',
    cause: 'healthy',
    material: 'continued',
    method: full,
    classes: 2,
    training: { learningRate: 3e-4, epochs: 4, batchSize: 16, seed: 1, evaluateEverySteps: 8 },
  },
  // Texts of a field that the base model has never read.
  ...[0, 1].map((seed): CurveCase => ({
    name: `foreign-${seed}`,
    cause: 'domainShift',
    material: 'foreign',
    method: lora,
    training: { learningRate: [1e-3, 2e-3][seed] ?? 1e-3, epochs: 2, batchSize: 16, seed, ...every },
  })),
  // Trained on one language, validated on another.
  ...[0, 1].map((seed): CurveCase => ({
    name: `languages-${seed}`,
    cause: 'heldOutShift',
    material: 'languages',
    method: full,
    training: { learningRate: [1e-3, 7e-4][seed] ?? 1e-3, epochs: 5, batchSize: 16, seed, ...every },
  })),
  // Words that the vocabulary does not have.
  {
    name: 'strange-letters',
    cause: 'unknownTokens',
    material: 'strange',
    method: lora,
    training: { learningRate: 2e-3, epochs: 3, batchSize: 16, seed: 1, ...every },
  },
];

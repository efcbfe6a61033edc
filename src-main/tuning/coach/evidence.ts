import type { Task } from '../../contract/methods.ts';

/** A value of a metric after so many steps. */
export interface CurvePoint {
  readonly step: number;
  readonly value: number;
}

/** What the coach looks at: settings and curves of one run, as far as it has come. */
export interface RunEvidence {
  readonly training: {
    readonly learningRate: number;
    readonly epochs: number;
    readonly batchSize: number;
    readonly accumulation: number;
  };
  readonly method: {
    /** It changes the model's own weights, not only what it adds beside them. */
    readonly changesModel: boolean;
  };
  /** What the texts to learn from were to the model before training: `unknownShare`, `newTokens…`, its own `loss`. */
  readonly texts: Readonly<Record<string, number>>;
  /** Texts that are measured but not learned from; null where there are none. */
  readonly watch: {
    readonly metric: string;
    readonly better: 'higher' | 'lower';
    readonly points: readonly CurvePoint[];
    /** With the weights that are kept; the newest while the run goes on. */
    readonly now: number;
  } | null;
  /** The run learns plain texts whole, as they are. */
  readonly readsPlainText: boolean;
  /** The task by which this model could read the run's texts as they are; null where it cannot. */
  readonly plainTextTask: Task | null;
  /** Null where the dataset is gone. */
  readonly trainRows: number | null;
  /** Names of the classes; empty where the task has none. */
  readonly labels: readonly string[];
  readonly stepsPerEpoch: number;
  /** Whether every planned step was taken. */
  readonly finished: boolean;
  /** Code of the problem that ended the run; null where none did. */
  readonly failureCode: string | null;
  readonly trainLoss: readonly CurvePoint[];
  readonly validationLoss: readonly CurvePoint[];
  /** counts[actual][predicted] of the newest evaluation. */
  readonly confusion: readonly (readonly number[])[] | null;
}

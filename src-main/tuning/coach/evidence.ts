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

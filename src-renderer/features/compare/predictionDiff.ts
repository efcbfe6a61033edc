/** One row as two runs see it. */
export interface JudgedRow {
  readonly text: string;
  readonly actual: string;
  readonly first: string;
  readonly second: string;
}

export interface PredictionDifference {
  readonly onlyFirstRight: readonly JudgedRow[];
  readonly onlySecondRight: readonly JudgedRow[];
  /** Both wrong, each in another way. */
  readonly bothWrong: readonly JudgedRow[];
  readonly alike: number;
}

/** Parts rows by which of two runs gets them right. */
export function partRows(rows: readonly JudgedRow[]): PredictionDifference {
  const differing = rows.filter(({ first, second }) => first !== second);
  return {
    onlyFirstRight: differing.filter(({ actual, first }) => first === actual),
    onlySecondRight: differing.filter(({ actual, second }) => second === actual),
    bothWrong: differing.filter(({ actual, first, second }) => first !== actual && second !== actual),
    alike: rows.length - differing.length,
  };
}

export interface LabelConflict {
  readonly rows: readonly number[];
  readonly labels: readonly string[];
}

/** Of groups of rows with the same text, those whose rows have different labels. */
export function findConflictingLabels(
  groups: readonly (readonly number[])[],
  labels: readonly string[],
): LabelConflict[] {
  return groups.flatMap((rows) => {
    const found = [...new Set(rows.map((row) => labels[row] ?? ''))];
    return found.length > 1 ? [{ rows, labels: found }] : [];
  });
}

export interface ClassBalance {
  readonly label: string;
  readonly count: number;
  /** Factor for this class's loss that makes all classes count alike: rows / (classes × count). */
  readonly weight: number;
}

/** How often each label occurs, rarest first, with the weights that would make up for it. */
export function measureClassBalance(labels: readonly string[]): ClassBalance[] {
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts]
    .map(([label, count]) => ({ label, count, weight: labels.length / (counts.size * count) }))
    .sort((one, other) => one.count - other.count || (one.label < other.label ? -1 : 1));
}

/** How many rows the commonest label has for each row of the rarest. */
export function imbalanceRatio(balance: readonly ClassBalance[]): number {
  const [rarest, commonest] = [balance[0], balance.at(-1)];
  return rarest === undefined || commonest === undefined ? 1 : commonest.count / rarest.count;
}

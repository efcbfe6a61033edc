/** Rows that have a name in common, by name; rows without one stay alone. */
export function groupsByName<Row>(
  rows: readonly Row[],
  namesOf: (row: Row) => readonly string[],
): number[][] {
  const groups = new Map<string, number[]>();
  rows.forEach((row, index) => {
    for (const name of namesOf(row)) {
      const found = groups.get(name);
      if (found === undefined) groups.set(name, [index]);
      else found.push(index);
    }
  });
  return [...groups.values()];
}

/** Rows of a list chosen by keyboard or mouse: a cursor, and the numbers of the records that are selected. */
export class BulkSelection {
  /** Place of the cursor in the list. */
  cursor = $state(0);
  numbers = $state.raw<readonly number[]>([]);

  /** Moves the cursor; with `extend`, rows it leaves and enters are selected. */
  move(by: number, rows: readonly { number: number }[], extend = false): void {
    const from = this.cursor;
    this.cursor = Math.max(0, Math.min(rows.length - 1, from + by));
    if (!extend) return;
    const added = [rows[from]?.number, rows[this.cursor]?.number].filter((number) => number !== undefined);
    this.numbers = [...this.numbers, ...added.filter((number) => !this.numbers.includes(number))];
  }

  toggle(number: number | undefined): void {
    if (number === undefined) return;
    this.numbers = this.numbers.includes(number)
      ? this.numbers.filter((other) => other !== number)
      : [...this.numbers, number];
  }

  all(rows: readonly { number: number }[]): void {
    this.numbers = this.numbers.length === rows.length ? [] : rows.map(({ number }) => number);
  }

  clear(): void {
    this.numbers = [];
  }

  /** What an action is aimed at: the selected rows, or the one at the cursor where none is selected. */
  target(rows: readonly { number: number }[]): number[] {
    const selected = rows.map(({ number }) => number).filter((number) => this.numbers.includes(number));
    const current = rows[this.cursor]?.number;
    return selected.length > 0 ? selected : current === undefined ? [] : [current];
  }
}

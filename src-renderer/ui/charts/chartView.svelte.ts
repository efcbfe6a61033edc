export interface Range {
  readonly from: number;
  readonly to: number;
}

const growth = 1.4;

/** What a group of charts shows along its lower edge, and the place that is pointed at in one of them. */
export class ChartView {
  /** Undefined shows everything. */
  range = $state.raw<Range | undefined>(undefined);
  /** The place that is pointed at, the same in every chart of the group. */
  pointed = $state<number | undefined>(undefined);

  reset(): void {
    this.range = undefined;
  }

  /** Makes the range smaller around a place, or larger. */
  zoom(shown: Range, direction: 'in' | 'out', around = (shown.from + shown.to) / 2): void {
    const factor = direction === 'in' ? 1 / growth : growth;
    this.range = {
      from: around - (around - shown.from) * factor,
      to: around + (shown.to - around) * factor,
    };
  }

  /** Moves the range by a share of its width. */
  pan(shown: Range, share: number): void {
    const distance = (shown.to - shown.from) * share;
    this.range = { from: shown.from + distance, to: shown.to + distance };
  }
}

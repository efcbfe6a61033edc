import type { DatasetSummary, SplitRequest } from '../../../src-main/contract/datasets.ts';
import { parseShares } from './importPlan.ts';

export const splitWays = ['shares', 'folds', 'time', 'column'] as const;
export type SplitWay = (typeof splitWays)[number];

/** What a person wants of a new split. */
export class SplitForm {
  way = $state<SplitWay>('shares');
  validationPercent = $state('10');
  testPercent = $state('10');
  seed = $state('0');
  folds = $state('5');
  groupColumn = $state('');
  column = $state('');
  keepTogether = $state(true);
  syntheticAnywhere = $state(false);

  readonly shares = $derived(parseShares(this.validationPercent, this.testPercent));
  readonly seedNumber = $derived(/^\d{1,9}$/.test(this.seed.trim()) ? Number(this.seed) : undefined);
  readonly foldCount = $derived.by(() => {
    const count = Number(this.folds);
    return Number.isInteger(count) && count >= 2 && count <= 50 ? count : undefined;
  });
  readonly ready = $derived.by(() => {
    switch (this.way) {
      case 'shares':
        return this.shares !== undefined && this.seedNumber !== undefined;
      case 'folds':
        return this.foldCount !== undefined && this.seedNumber !== undefined;
      case 'time':
        return this.column !== '' && this.shares !== undefined;
      case 'column':
        return this.column !== '';
      default:
        return this.way satisfies never;
    }
  });

  /** The request for one version of this dataset; folds are asked for one by one elsewhere. */
  request({ id: given }: DatasetSummary): Partial<SplitRequest> & { id: string } {
    const id = { id: given, syntheticAnywhere: this.syntheticAnywhere };
    const drawn = {
      seed: this.seedNumber ?? 0,
      keepDuplicatesTogether: this.keepTogether,
      ...(this.groupColumn === '' ? {} : { groupColumn: this.groupColumn }),
    };
    switch (this.way) {
      case 'shares':
        return { ...id, ...this.shares, ...drawn };
      case 'folds':
        return { ...id, ...drawn };
      case 'time':
        return { ...id, ...this.shares, byTime: this.column };
      case 'column':
        return { ...id, byColumn: this.column };
      default:
        return this.way satisfies never;
    }
  }
}

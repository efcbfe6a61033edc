import type { ColumnMapping, ReadOptions, SourceFile } from '../../contract/datasets.ts';
import type { Problem } from '../../contract/errors/index.ts';
import type { DatasetHealth, HealthFix, HealthOptions } from '../../contract/health.ts';
import type { FixPlan, HealthRow, RowCheck } from '../../datasets/index.ts';

/** What the host asks of the thread that judges rows. Rows come first; then it judges them. */
export type HealthRequest =
  | { readonly kind: 'rows'; readonly rows: readonly HealthRow[] }
  | {
      readonly kind: 'files';
      readonly files: readonly SourceFile[];
      readonly options: ReadOptions;
      /** Guessed where it is left out. */
      readonly mapping: ColumnMapping | undefined;
    }
  | {
      readonly kind: 'report';
      readonly options: HealthOptions;
      /** The model whose tokenizer counts tokens. */
      readonly modelFolder: string | undefined;
    }
  | {
      readonly kind: 'plan';
      readonly options: HealthOptions;
      readonly modelFolder: string | undefined;
      readonly check: RowCheck;
      readonly fix: HealthFix;
      /** Numbers of rows, from 1: only groups that hold one of them. */
      readonly only: readonly number[] | undefined;
    }
  | {
      readonly kind: 'find';
      readonly options: HealthOptions;
      readonly modelFolder: string | undefined;
      readonly check: RowCheck;
    };

export type HealthReply =
  | { readonly kind: 'taken' }
  | { readonly kind: 'progress'; readonly done: number; readonly total?: number }
  | { readonly kind: 'reported'; readonly health: DatasetHealth }
  /** Numbers of the rows a check names, from 1. */
  | { readonly kind: 'found'; readonly rows: ReadonlySet<number> }
  | { readonly kind: 'planned'; readonly plan: FixPlan }
  | { readonly kind: 'failed'; readonly problems: readonly Problem[] };

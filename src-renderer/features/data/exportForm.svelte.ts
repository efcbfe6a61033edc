import type {
  DatasetExport,
  DatasetSummary,
  FileFormat,
  RecordShape,
} from '../../../src-main/contract/datasets.ts';
import type { HealthCheck } from '../../../src-main/contract/health.ts';
import type { LabellingSummary, SavedFilter } from '../../../src-main/contract/labels.ts';
import { type RecordFilter, labellingConditions } from '../../../src-main/contract/recordFilter.ts';
import { client } from '../../rpc/client.ts';
import { pendingWrites } from '../../rpc/pendingWrites.ts';
import { Action, Resource } from '../../rpc/resource.svelte.ts';
import { exportEndings, joinPath } from './exportPath.ts';

/** What is to be written, and where. */
export class ExportForm {
  readonly dataset: DatasetSummary;
  filter = $state.raw<RecordFilter>({});
  /** Records of this labelling instead of the dataset's rows; empty for the rows. */
  labellingId = $state('');
  finding = $state<HealthCheck | undefined>(undefined);
  format = $state<FileFormat>('csv');
  shape = $state<RecordShape>('plain');
  folder = $state('');
  name = $state('');
  forSpreadsheets = $state(true);
  withMarks = $state(false);
  replace = $state(false);
  written = $state.raw<DatasetExport | undefined>(undefined);
  readonly writing = new Action();
  readonly labellings = new Resource<LabellingSummary[]>(async () =>
    (await client.labels.list()).filter(({ datasetId }) => datasetId === this.dataset.id),
  );
  readonly kept = new Resource<SavedFilter[]>(() => client.labels.filters({ id: this.labellingId }));

  constructor(dataset: DatasetSummary, filter: RecordFilter, labellingId: string, folder: string) {
    this.dataset = dataset;
    this.filter = filter;
    this.folder = folder;
    this.name = dataset.name.replaceAll(/[\\/:*?"<>|]+/g, '-');
    this.chooseRows(labellingId);
    void this.labellings.reload();
  }

  get path(): string {
    return joinPath(this.folder, `${this.name.trim()}${exportEndings[this.format]}`);
  }

  get ready(): boolean {
    return this.folder.trim() !== '' && this.name.trim() !== '';
  }

  set(change: Partial<RecordFilter>): void {
    this.filter = { ...this.filter, ...change };
  }

  chooseRows(labellingId: string): void {
    this.labellingId = labellingId;
    if (labellingId !== '') {
      void this.kept.reload();
      return;
    }
    // Rows know nothing of a labelling: what cannot be asked of them is asked no more.
    this.set(Object.fromEntries(labellingConditions.map((name) => [name, undefined])));
  }

  async write(): Promise<void> {
    this.written = undefined;
    const { dataset, finding, format, shape, labellingId, path } = this;
    this.written = await this.writing.run(async () => {
      // What was labelled a moment ago belongs to it.
      if (pendingWrites.any) await pendingWrites.settled();
      return client.datasets.export({
        id: dataset.id,
        path,
        format,
        shape,
        filter: {
          ...this.filter,
          ...(finding === undefined ? {} : { finding: { check: finding, options: {} } }),
        },
        ...(labellingId === '' ? {} : { labellingId, withMarks: this.withMarks }),
        forSpreadsheets: this.forSpreadsheets,
        replace: this.replace,
      });
    });
  }
}

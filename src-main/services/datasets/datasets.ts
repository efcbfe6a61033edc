import type {
  DatasetExport,
  DatasetHistory,
  DatasetPreview,
  DatasetRow,
  DatasetSummary,
  ExportRequest,
  ReadOptions,
  SplitRequest,
  VersionDiff,
} from '../../contract/datasets.ts';
import type { DatasetHealth, HealthFixRequest, HealthOptions, HealthSource } from '../../contract/health.ts';
import type { HubDatasetFiles, HubDatasetPlan, HubDatasetRequest } from '../../contract/hubDatasets.ts';
import { TunebenchError } from '../../contract/errors/index.ts';
import type { LabellingSummary } from '../../contract/labels.ts';
import type { ExportFilter, RecordFilter } from '../../contract/recordFilter.ts';
import type { AcceptedTexts } from '../../contract/synthetic.ts';
import { previewDataset } from '../../datasets/index.ts';
import type { ServiceContext } from '../context.ts';
import type { JobControl, Jobs } from '../jobs.ts';
import { addAcceptedTexts } from './expandDataset.ts';
import { exportDataset } from './exportDataset.ts';
import { tableOfDataset, tableOfLabelling } from './exportedTable.ts';
import { fixDataset, relabelRows } from './fixDataset.ts';
import { fetchHubDataset, planHubDataset } from './hubDataset.ts';
import { type ImportInput, importDataset, nameFromPath } from './importDataset.ts';
import { judgeFinding, judgeHealth } from './judge.ts';
import { openSource } from './openSource.ts';
import { createRowSearch } from './rowSearch.ts';
import { foldDataset, splitDataset } from './splitDataset.ts';
import { diffVersions, historyMoves, listVersions, moveInHistory, restoreVersion } from './versions.ts';

/** The person's data: looking into files, importing them, reading what was imported. */
export function createDatasetsService(context: ServiceContext, jobs: Jobs) {
  const { store } = context;
  const searchRows = createRowSearch(context);

  function get(id: string): DatasetSummary {
    const dataset = store.datasets.get(id);
    if (dataset === undefined) throw new TunebenchError('common.notFound', { kind: 'dataset', id });
    return dataset;
  }

  function makeVersion(
    dataset: DatasetSummary,
    work: (dataset: DatasetSummary, control: JobControl) => Promise<DatasetSummary>,
  ): Promise<DatasetSummary> {
    return jobs.start({ kind: 'datasetImport', title: dataset.name, unit: 'rows' }, async (control) => {
      const result = await work(dataset, control);
      return { result, resultId: result.id };
    }).finished;
  }

  /** The folder of the model whose tokenizer is to count; undefined where none was named. */
  function modelFolderOf({ modelId }: HealthOptions): string | undefined {
    if (modelId === undefined) return undefined;
    const model = store.models.get(modelId);
    if (model === undefined) throw new TunebenchError('common.notFound', { kind: 'model', id: modelId });
    return model.folder;
  }

  function labellingOf(id: string): LabellingSummary {
    const labelling = store.labels.get(id);
    if (labelling === undefined) throw new TunebenchError('common.notFound', { kind: 'labelling', id });
    return labelling;
  }

  function rowsOfFinding(
    dataset: DatasetSummary,
    { check, options }: NonNullable<ExportFilter['finding']>,
    control: JobControl,
  ): Promise<ReadonlySet<number>> {
    if (check === 'unusableRows') throw new TunebenchError('datasets.noFindingOfDataset', { check });
    return judgeFinding(context, dataset, { check, options, modelFolder: modelFolderOf(options) }, control);
  }

  return {
    get,
    list: (): DatasetSummary[] => store.datasets.list(),

    preview(path: string, options: ReadOptions, rows: number): Promise<DatasetPreview> {
      return previewDataset(openSource(path), options, rows);
    },

    import(input: ImportInput): Promise<DatasetSummary> {
      const title = input.name ?? nameFromPath(input.files[0]?.path ?? '');
      return jobs.start({ kind: 'datasetImport', title, unit: 'rows' }, async (control) => {
        const result = await importDataset(context, input, 'file', control);
        return { result, resultId: result.id };
      }).finished;
    },

    planHub: (request: HubDatasetRequest, signal?: AbortSignal): Promise<HubDatasetPlan> =>
      planHubDataset(request, signal),

    /** Brings the files of a dataset on the Hub into the data folder, to be imported from there. */
    fetchHub(request: HubDatasetRequest): Promise<HubDatasetFiles> {
      const start = { kind: 'datasetDownload', title: request.hubId, unit: 'bytes' } as const;
      return jobs.start(start, async (control) => {
        const result = await fetchHubDataset(context, request, control);
        return { result, resultId: request.hubId };
      }).finished;
    },

    /** @throws TunebenchError `datasets.filterNeedsLabelling` */
    async rows(query: {
      id: string;
      filter: RecordFilter;
      offset: number;
      limit: number;
    }): Promise<{ total: number; rows: DatasetRow[] }> {
      return searchRows(get(query.id), query.filter, query.offset, query.limit);
    },

    check(source: HealthSource, options: HealthOptions): Promise<DatasetHealth> {
      const title =
        'datasetId' in source ? get(source.datasetId).name : nameFromPath(source.files[0]?.path ?? '');
      return jobs.start({ kind: 'datasetCheck', title, unit: 'rows' }, async (control) => {
        const from = 'datasetId' in source ? { dataset: get(source.datasetId) } : source;
        const result = await judgeHealth(context, from, options, modelFolderOf(options), control);
        return { result, resultId: title };
      }).finished;
    },

    /**
     * Writes rows of a dataset, or records of one of its labellings.
     * @throws TunebenchError `datasets.filterNeedsLabelling`, `datasets.otherLabelling`, `datasets.noFindingOfDataset`,
     * and what `exportDataset` throws
     */
    export(id: string, path: string, request: ExportRequest): Promise<DatasetExport> {
      const dataset = get(id);
      return jobs.start({ kind: 'datasetExport', title: dataset.name, unit: 'rows' }, async (control) => {
        const { finding, ...filter } = request.filter;
        const numbers = finding && (await rowsOfFinding(dataset, finding, control));
        const { labellingId, withMarks } = request;
        const table =
          labellingId === undefined
            ? tableOfDataset(context, dataset, filter, numbers)
            : tableOfLabelling(context, dataset, labellingOf(labellingId), filter, numbers, withMarks);
        const result = await exportDataset(table, path, request, control);
        return { result, resultId: id };
      }).finished;
    },

    split(id: string, request: SplitRequest): Promise<DatasetSummary> {
      return makeVersion(get(id), (dataset, control) => splitDataset(context, dataset, request, control));
    },

    /** A dataset for each fold of a cross-validation. */
    folds(id: string, folds: number, request: SplitRequest): Promise<DatasetSummary[]> {
      const dataset = get(id);
      const start = { kind: 'datasetImport', title: dataset.name, unit: 'rows' } as const;
      return jobs.start(start, async (control) => {
        const result = await foldDataset(context, dataset, folds, request, control);
        return { result, resultId: id };
      }).finished;
    },

    fix(id: string, request: HealthFixRequest): Promise<DatasetSummary> {
      return makeVersion(get(id), (dataset, control) =>
        fixDataset(context, dataset, request, modelFolderOf(request.options), control),
      );
    },

    relabel(id: string, rows: readonly number[], label: string): Promise<DatasetSummary> {
      return makeVersion(get(id), (dataset, control) => relabelRows(context, dataset, rows, label, control));
    },

    addSynthetic(accepted: AcceptedTexts): Promise<DatasetSummary> {
      return makeVersion(get(accepted.id), (dataset, control) =>
        addAcceptedTexts(context, dataset, accepted, control),
      );
    },

    undo(id: string): Promise<DatasetSummary> {
      return makeVersion(get(id), (dataset, control) => moveInHistory(context, dataset, 'undo', control));
    },

    redo(id: string): Promise<DatasetSummary> {
      return makeVersion(get(id), (dataset, control) => moveInHistory(context, dataset, 'redo', control));
    },

    /** The versions of a dataset, and where undo and redo lead. */
    history(id: string): DatasetHistory {
      const dataset = get(id);
      const { undo, redo } = historyMoves(context, dataset);
      return { versions: listVersions(context, dataset), undo: undo ?? null, redo: redo ?? null };
    },

    versions: (id: string): DatasetSummary[] => listVersions(context, get(id)),

    diff: (older: string, newer: string, listed: number): VersionDiff =>
      diffVersions(context, get(older), get(newer), listed),

    restore(id: string): Promise<DatasetSummary> {
      return makeVersion(get(id), (dataset, control) => restoreVersion(context, dataset, control));
    },

    /** Removes the dataset. Runs keep what they were trained on in a file of their own. */
    remove(id: string): { id: string } {
      get(id);
      store.datasets.remove(id);
      return { id };
    },
  };
}
export type DatasetsService = ReturnType<typeof createDatasetsService>;

import type { DatasetSummary } from '../../contract/datasets.ts';
import type { DatasetHealth, HealthOptions, HealthSource } from '../../contract/health.ts';
import {
  type HealthRow,
  labelOfRow,
  previewDataset,
  readHealthRows,
  reportHealth,
  textOfRow,
} from '../../datasets/index.ts';
import type { ServiceContext } from '../context.ts';
import type { JobControl } from '../jobs.ts';
import { openSource } from './openSource.ts';

/** The health of a dataset in the library, or of files that need not be imported. */
export async function checkHealth(
  context: ServiceContext,
  source: HealthSource,
  options: HealthOptions,
  getDataset: (id: string) => DatasetSummary,
  job: JobControl,
): Promise<DatasetHealth> {
  const pause = async () => {
    await new Promise((resolve) => setImmediate(resolve));
    job.signal.throwIfAborted();
  };
  if ('datasetId' in source) {
    const { id, mapping, rows: total } = getDataset(source.datasetId);
    const rows: HealthRow[] = [];
    for (const { position, split, fields } of context.store.datasets.allRows(id)) {
      rows.push({
        row: position + 1,
        text: textOfRow(fields, mapping),
        label: labelOfRow(fields, mapping),
        split,
      });
      if (rows.length % 1000 !== 0) continue;
      job.progress(rows.length, total);
      await pause();
    }
    return reportHealth(rows, [], options, pause);
  }
  const sources = source.files.map((file) => openSource(file.path, file.split));
  const [first] = sources;
  const mapping =
    source.mapping ??
    (first === undefined ? { roles: {} } : (await previewDataset(first, source.options, 1)).suggestedMapping);
  const { rows, problems } = await readHealthRows(sources, source.options, mapping, (rowsRead) => {
    job.progress(rowsRead);
    return pause();
  });
  return reportHealth(rows, problems, options, pause);
}

import { TunebenchError } from '../../contract/errors/index.ts';
import type { HubDatasetFiles, HubDatasetPlan, HubDatasetRequest } from '../../contract/hubDatasets.ts';
import { chooseHubFiles } from '../../datasets/index.ts';
import { downloadFile, pathBelow, safeFileName } from '../../platform/index.ts';
import type { ServiceContext } from '../context.ts';
import { readHubRepository } from '../hub.ts';
import type { JobControl } from '../jobs.ts';

/**
 * Asks the Hub which data files a dataset has, at one fixed commit.
 * @throws TunebenchError `datasets.hubNoData`, `datasets.hubNoSubset`, or where the Hub refuses
 */
export async function planHubDataset(
  { hubId, revision, subset: wanted }: HubDatasetRequest,
  signal?: AbortSignal,
): Promise<HubDatasetPlan> {
  const repository = await readHubRepository('datasets', hubId, revision, signal);
  const subsets = chooseHubFiles(repository.files);
  const names = [...subsets.keys()].sort();
  const subset = wanted ?? names.find((name) => name === '' || name === 'default') ?? names[0];
  if (subset === undefined) throw new TunebenchError('datasets.hubNoData', { hubId });
  const files = subsets.get(subset);
  if (files === undefined) {
    throw new TunebenchError('datasets.hubNoSubset', { hubId, subset, known: names.join(', ') });
  }
  return {
    hubId,
    revision: repository.revision,
    license: repository.license,
    subsets: names,
    subset,
    files: files.map(({ split, ...file }) => ({ ...file, split: split ?? null })),
    totalBytes: files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
  };
}

/** Fetches the data files of a dataset that are not there yet, each checked against its size and hash. */
export async function fetchHubDataset(
  context: ServiceContext,
  request: HubDatasetRequest,
  job: JobControl,
): Promise<HubDatasetFiles> {
  const plan = await planHubDataset(request, job.signal);
  const folder = safeFileName(`${plan.hubId.replaceAll('/', '--')}--${plan.revision.slice(0, 12)}`);
  const fetched: HubDatasetFiles['files'] = [];
  let finishedBytes = 0;
  for (const { path, sizeBytes, sha256, split } of plan.files) {
    const name = path.split('/').map(safeFileName).join('/');
    const target = pathBelow(context.dataFolder.uploadsPath, `${folder}/${name}`);
    if (!context.files.exists(target)) {
      await downloadFile({
        hubPath: `/datasets/${plan.hubId}/resolve/${plan.revision}/${path.split('/').map(encodeURIComponent).join('/')}`,
        target,
        sizeBytes,
        sha256,
        signal: job.signal,
        onProgress: (done) => job.progress(finishedBytes + done, plan.totalBytes),
      });
    }
    finishedBytes += sizeBytes;
    job.progress(finishedBytes, plan.totalBytes);
    fetched.push({ path: target, ...(split === null ? {} : { split }) });
  }
  return { files: fetched, plan };
}

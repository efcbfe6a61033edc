import type { DownloadPlan } from '../../contract/models.ts';
import { downloadFile, pathBelow, safeFileName } from '../../platform/index.ts';
import type { ServiceContext } from '../context.ts';
import type { JobControl } from '../jobs.ts';

/** Where a downloaded model lies: one folder per model and commit, so that a broken download is gone on with. */
function folderName(plan: DownloadPlan): string {
  return safeFileName(`${plan.hubId.replaceAll('/', '--')}--${plan.revision.slice(0, 12)}`);
}

/**
 * Fetches every file of a plan that is not there yet, each checked against its size and hash before it counts.
 * @returns the folder
 */
export async function downloadModel(
  context: ServiceContext,
  plan: DownloadPlan,
  job: JobControl,
): Promise<string> {
  const { modelsPath } = context.dataFolder;
  const name = folderName(plan);
  let finishedBytes = 0;
  for (const file of plan.files) {
    const target = pathBelow(modelsPath, `${name}/${file.path}`);
    const already = context.files.exists(target);
    if (!already) {
      const path = file.path.split('/').map(encodeURIComponent).join('/');
      await downloadFile({
        hubPath: `/${plan.hubId}/resolve/${plan.revision}/${path}`,
        target,
        sizeBytes: file.sizeBytes,
        sha256: file.sha256,
        signal: job.signal,
        onProgress: (doneBytes) => job.progress(finishedBytes + doneBytes, plan.totalBytes),
      });
    }
    finishedBytes += file.sizeBytes;
    job.progress(finishedBytes, plan.totalBytes);
  }
  return pathBelow(modelsPath, name);
}

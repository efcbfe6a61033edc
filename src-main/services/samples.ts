import { problemsFromError } from '../contract/errors/index.ts';
import { previewDataset } from '../datasets/index.ts';
import type { ServiceContext } from './context.ts';
import { importDataset } from './datasets/importDataset.ts';
import { openSource } from './datasets/openSource.ts';
import type { ModelsService } from './models/models.ts';

/** `household-requests` → `Household requests`. */
function titleFromName(name: string): string {
  const words = name.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

async function registerDataset(
  context: ServiceContext,
  id: string,
  name: string,
  path: string,
): Promise<void> {
  if (context.store.datasets.get(id) !== undefined) return;
  const preview = await previewDataset(openSource(path), {}, 1);
  const input = {
    name,
    files: [{ path }],
    options: {},
    mapping: preview.suggestedMapping,
    validationShare: 0.1,
    testShare: 0.1,
    seed: 0,
    skipBadRows: false,
  };
  const control = { signal: new AbortController().signal, progress: () => undefined };
  await importDataset(context, input, 'sample', control, id);
}

/** Puts the shipped models and datasets into the library. One that cannot be read is logged and left out. */
export async function registerSamples(context: ServiceContext, models: ModelsService): Promise<void> {
  const { files, samplesFolder, log } = context;
  const inFolder = (kind: string) => {
    const folder = files.join(samplesFolder, kind);
    return files.exists(folder)
      ? files.list(folder).map((name) => ({ name, path: files.join(folder, name) }))
      : [];
  };
  const attempt = async (path: string, register: () => void | Promise<void>) => {
    try {
      await register();
    } catch (error) {
      log.write('error', 'sample not usable', { path, problems: problemsFromError(error) });
    }
  };
  for (const { name, path } of inFolder('models')) {
    if (!files.exists(files.join(path, 'config.json'))) continue;
    await attempt(path, () => models.registerSample(`sample-${name}`, titleFromName(name), path));
  }
  for (const { name, path } of inFolder('datasets')) {
    const stem = /^(.+)\.(csv|tsv|jsonl)$/.exec(name)?.[1];
    if (stem === undefined) continue;
    await attempt(path, () => registerDataset(context, `sample-${stem}`, titleFromName(stem), path));
  }
}

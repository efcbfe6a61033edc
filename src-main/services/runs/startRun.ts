import { errorFromProblems } from '../../contract/errors/index.ts';
import type { RunStart } from '../../contract/runs.ts';
import type { Steering } from '../../contract/steering.ts';
import { resolveAdapters } from '../adapters/adapters.ts';
import { quietly } from '../../platform/index.ts';
import type { ServiceContext } from '../context.ts';
import { materializeDataset } from '../datasets/blobs.ts';
import { newId, timestamp } from '../identity.ts';
import { hashModelFolder } from '../models/modelHash.ts';
import { checkRun } from './checkRun.ts';
import { saveJob } from './resultFolders.ts';

export interface StartOptions {
  /** Changes to make on the way, at the steps they name. */
  readonly steering?: readonly Steering[];
  /** Puts checkpoints to go on from into the new run's folder, before the run is in the log. */
  readonly fill?: (runFolder: string) => Promise<void>;
  /** Called with the new run's id together with what makes it: a crash leaves all of it or nothing. */
  readonly onMade: (id: string) => void;
}

/**
 * Freezes configuration, dataset version, hashes, seed and program versions into a new run.
 * @returns its id
 * @throws TunebenchError with every problem of the configuration
 */
export async function makeRun(
  context: ServiceContext,
  { parentRunId, group, project, notBefore, ...config }: RunStart,
  { steering = [], fill, onMade }: StartOptions,
): Promise<string> {
  const checked = checkRun(context, config);
  if (checked.frozen === null) throw errorFromProblems(checked.forecast.problems);
  const { model, dataset, config: frozen, method, watch } = checked.frozen;
  const dataFile = await materializeDataset(context, dataset);
  const modelHash = await hashModelFolder(context, model.folder);
  const id = newId();
  const runFolder = context.dataFolder.runPath(id);
  try {
    saveJob(context, {
      runId: id,
      config: frozen,
      modelFolder: model.folder,
      dataFile,
      runFolder,
      resume: fill !== undefined,
      ...(watch
        ? { watch: { dataFile: await materializeDataset(context, watch.dataset), task: watch.task } }
        : {}),
      ...(frozen.adapters?.length ? { adapters: resolveAdapters(context, frozen.adapters, model).uses } : {}),
      ...(steering.length === 0 ? {} : { steering: steering.map((each) => ({ ...each, recorded: false })) }),
    });
    await fill?.(runFolder);
    // Together: a crash leaves no run that waits without a place.
    context.store.transaction(() => {
      context.store.runs.insert({
        id,
        name: config.name ?? `${model.name} · ${method.name.en} · ${dataset.name}`,
        task: frozen.task,
        methodId: frozen.method.id,
        modelId: model.id,
        modelName: model.name,
        datasetId: dataset.id,
        datasetName: dataset.name,
        createdAt: timestamp(),
        config: frozen,
        datasetHash: dataset.versionHash,
        modelHash,
        versions: {
          tunebench: context.version,
          [context.setup.backend.kind]: context.setup.libraryVersion,
          node: process.versions.node,
        },
        parentRunId: parentRunId ?? null,
        group: group ?? null,
        project: project ?? null,
        notBefore: notBefore ?? null,
      });
      onMade(id);
    });
  } catch (error) {
    // Nobody knows of the folder, which may hold copied checkpoints by now.
    quietly(() => context.files.removeFolder(runFolder));
    throw error;
  }
  return id;
}

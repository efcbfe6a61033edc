import { TunebenchError } from '../../contract/errors/index.ts';
import type { Job } from '../../contract/events.ts';
import type { DownloadPlan, ModelSummary } from '../../contract/models.ts';
import { isInside, resolveOutsidePath } from '../../platform/index.ts';
import type { ServiceContext } from '../context.ts';
import { newId, timestamp } from '../identity.ts';
import type { Jobs } from '../jobs.ts';
import { downloadModel } from './downloadModel.ts';
import { planHubDownload } from './hubPlan.ts';
import { describeModelFolder, modelSizeBytes, readTasks } from './modelFacts.ts';

type Origin = Pick<ModelSummary, 'source' | 'hubId' | 'license'>;

/** Base models: looking into folders, keeping the library, fetching from the Hub. */
export function createModelsService(context: ServiceContext, jobs: Jobs) {
  const { store } = context;

  const knownTasks = new Map<string, ModelSummary['tasks']>();

  /** A model as it is kept, with the tasks it suffices for now: a newer workbench teaches more than the one that kept it. */
  function renew(model: ModelSummary): ModelSummary {
    const tasks = knownTasks.get(model.id) ?? readTasks(context, model);
    knownTasks.set(model.id, tasks);
    return { ...model, tasks };
  }

  function get(id: string): ModelSummary {
    const model = store.models.get(id);
    if (model === undefined) throw new TunebenchError('common.notFound', { kind: 'model', id });
    return renew(model);
  }

  function inspect(path: string, origin: Origin = { source: 'folder' }, name?: string): ModelSummary {
    const folder = resolveOutsidePath(path, { kind: 'folder' });
    const { facts, license } = describeModelFolder(context, folder);
    return {
      id: newId(),
      name: name ?? origin.hubId ?? folder.split(/[\\/]/).at(-1) ?? folder,
      ...origin,
      ...(origin.license === undefined && license !== undefined ? { license } : {}),
      folder,
      ...facts,
      addedAt: timestamp(),
    };
  }

  /** Puts a checked model into the library; a folder that is there already keeps its id and gets its facts renewed. */
  function register(model: ModelSummary): ModelSummary {
    const known = store.models.list().find((other) => other.folder === model.folder);
    const entry = known === undefined ? model : { ...model, id: known.id, addedAt: known.addedAt };
    store.transaction(() => {
      if (known !== undefined) store.models.remove(known.id);
      store.models.insert(entry);
      knownTasks.set(entry.id, entry.tasks);
    });
    return entry;
  }

  return {
    get,
    list: (): ModelSummary[] => store.models.list().map(renew),
    inspect: (path: string): ModelSummary => inspect(path),

    /** Checks a folder and puts it into the library. The files stay where they are. */
    import(path: string, name?: string): ModelSummary {
      return register(inspect(path, { source: 'folder' }, name));
    },

    /** Puts a shipped model into the library under an id that never changes. */
    registerSample(id: string, name: string, folder: string): void {
      const known = store.models.get(id);
      if (known?.folder === folder && known.sizeBytes === modelSizeBytes(folder)) return;
      const model = { ...inspect(folder, { source: 'sample' }, name), id };
      store.transaction(() => {
        store.models.remove(id);
        store.models.insert(model);
      });
    },

    planDownload(query: { hubId: string; revision: string }, signal?: AbortSignal): Promise<DownloadPlan> {
      return planHubDownload(query.hubId, query.revision, signal);
    },

    /** Downloads a model in the background, checks it, and puts it into the library. */
    download({ hubId, revision }: { hubId: string; revision: string }): Job {
      return jobs.start({ kind: 'modelDownload', title: hubId, unit: 'bytes' }, async (control) => {
        const plan = await planHubDownload(hubId, revision, control.signal);
        const folder = await downloadModel(context, plan, control);
        const license = plan.license === null ? {} : { license: plan.license };
        const model = register(inspect(folder, { source: 'hub', hubId, ...license }));
        return { result: model, resultId: model.id };
      }).job;
    },

    /** Takes a model out of the library. Files are removed only where the workbench downloaded them itself. */
    remove(id: string): { id: string } {
      const model = get(id);
      const user = store.runs
        .withStatus('queued', 'preparing', 'running', 'paused')
        .find((run) => run.modelId === id);
      if (user !== undefined) {
        throw new TunebenchError('model.inUse', { model: model.name, run: user.name, status: user.status });
      }
      store.models.remove(id);
      const own = resolveOutsidePath(context.dataFolder.modelsPath);
      if (model.source === 'hub' && isInside(own, model.folder)) context.files.removeFolder(model.folder);
      return { id };
    },
  };
}
export type ModelsService = ReturnType<typeof createModelsService>;

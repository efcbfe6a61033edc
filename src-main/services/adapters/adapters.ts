import type { AdapterChoice, AdapterSummary } from '../../contract/adapters.ts';
import { TunebenchError } from '../../contract/errors/index.ts';
import type { Task } from '../../contract/methods.ts';
import type { ModelSummary } from '../../contract/models.ts';
import type { LoadedModel } from '../../contract/worker.ts';
import { isAdapterFolder } from '../../engine/formats/peftAdapter.ts';
import { copyFolder, resolveOutsidePath, writeFileAtomically } from '../../platform/index.ts';
import type { ServiceContext } from '../context.ts';
import { newId, timestamp } from '../identity.ts';
import type { ModelsService } from '../models/models.ts';
import type { EvaluationWorker } from '../playground/evaluationWorker.ts';
import { type AdapterCard, type KnownAdapter, cardName, findAdapters } from './adapterLibrary.ts';

/** Adapters at work, from the lowest to the one on top. */
export interface ResolvedAdapters {
  readonly uses: NonNullable<LoadedModel['adapters']>;
  /** The one on top, which decides task, labels and head. */
  readonly top: KnownAdapter | undefined;
}

/**
 * The folders of chosen adapters.
 * @param model the base model they must belong to
 * @throws TunebenchError where one is not there, or belongs to another base model
 */
export function resolveAdapters(
  context: ServiceContext,
  choices: readonly AdapterChoice[],
  model: Pick<ModelSummary, 'id' | 'name'>,
): ResolvedAdapters {
  const all = choices.length > 0 ? findAdapters(context) : [];
  const chosen = choices.map(({ id, weight }) => {
    const known = all.find(({ summary }) => summary.id === id);
    if (known === undefined) throw new TunebenchError('adapters.notFound', { id });
    const { name, modelId, modelName } = known.summary;
    if (modelId !== model.id) {
      throw new TunebenchError('adapters.otherBase', { name, own: modelName, base: model.name });
    }
    return { known, weight };
  });
  return {
    uses: chosen.map(({ known, weight }) => ({ folder: known.folder, weight })),
    top: chosen.at(-1)?.known,
  };
}

/** Adapters of all runs and those that no run made, on their base models. */
export function createAdaptersService(
  context: ServiceContext,
  services: { models: ModelsService; evaluation: EvaluationWorker },
) {
  const { files, dataFolder } = context;
  const { models, evaluation } = services;

  function find(id: string): KnownAdapter {
    const known = findAdapters(context).find(({ summary }) => summary.id === id);
    if (known === undefined) throw new TunebenchError('adapters.notFound', { id });
    return known;
  }

  /** Makes the folder of a new adapter; a failure leaves nothing. */
  async function add(card: AdapterCard, write: (folder: string) => Promise<void>): Promise<AdapterSummary> {
    const id = newId();
    const home = files.join(dataFolder.adaptersPath, id);
    try {
      await write(files.join(home, 'adapter'));
      writeFileAtomically(files.join(home, cardName), JSON.stringify(card, null, 2));
    } catch (error) {
      files.removeFolder(home);
      throw error;
    }
    return find(id).summary;
  }

  return {
    list: (): AdapterSummary[] => findAdapters(context).map(({ summary }) => summary),

    async import(given: {
      path: string;
      modelId: string;
      task: Task;
      name?: string | undefined;
    }): Promise<AdapterSummary> {
      const folder = resolveOutsidePath(given.path, { kind: 'folder' });
      const model = models.get(given.modelId);
      if (!isAdapterFolder(files, folder)) throw new TunebenchError('adapters.noFolder', { folder });
      const card = {
        name: given.name ?? folder.split(/[\\/]/).at(-1) ?? folder,
        origin: 'imported' as const,
        modelId: model.id,
        modelName: model.name,
        task: given.task,
        createdAt: timestamp(),
        parts: [],
      };
      return add(card, async (target) => {
        await copyFolder(folder, target);
      });
    },

    combine(given: {
      adapters: AdapterChoice[];
      how: 'concatenate' | 'average';
      name: string;
    }): Promise<AdapterSummary> {
      const { adapters, how, name } = given;
      const [first] = adapters;
      if (first === undefined || adapters.length < 2) {
        throw new TunebenchError('adapters.needSeveral', { count: adapters.length });
      }
      const base = find(first.id).summary;
      const { uses, top } = resolveAdapters(context, adapters, { id: base.modelId, name: base.modelName });
      const parts = adapters.map(({ id, weight }) => ({ id, weight, name: find(id).summary.name }));
      const { modelId, modelName } = base;
      const task = top?.summary.task ?? base.task;
      const card = {
        ...{ name, modelId, modelName, task, parts },
        origin: 'combined' as const,
        createdAt: timestamp(),
      };
      return add(card, (target) => evaluation.combine(uses, how, target));
    },

    remove(id: string): { id: string } {
      const { summary } = find(id);
      if (summary.origin === 'run') throw new TunebenchError('adapters.ofRun', { name: summary.name });
      files.removeFolder(files.join(dataFolder.adaptersPath, id));
      return { id };
    },
  };
}

import type { Attached } from '../methods/method.ts';
import { type AdapterUse, loadAdapterStack } from './adapterStack.ts';
import { type LoadOptions, loadModel } from '../models/load.ts';
import type { Model } from '../models/model.ts';
import { isAdapterFolder, loadAdapter, readAdapterLabels } from './peftAdapter.ts';

export interface TrainedModel {
  readonly model: Model;
  /** The adapters on it; null for a base model or a model trained in full. */
  readonly attached: Pick<Attached, 'merge' | 'detach'> | null;
}

/**
 * Loads a base model with what was trained on it.
 * @param options `folder` is the base model's
 * @param trainedFolder an adapter folder, a whole model folder, or nothing for the base model alone
 * @param adapters exactly the adapters that are at work; left out: that of `trainedFolder` alone
 */
export function loadTrainedModel(
  options: LoadOptions,
  trainedFolder: string | undefined,
  adapters?: readonly AdapterUse[],
): TrainedModel {
  if (adapters !== undefined) return loadWithAdapters(options, trainedFolder, adapters);
  const { files } = options;
  if (trainedFolder === undefined) return { model: loadModel(options), attached: null };
  if (!isAdapterFolder(files, trainedFolder)) {
    return { model: loadModel({ ...options, folder: trainedFolder }), attached: null };
  }
  const labels = options.labels ?? readAdapterLabels(files, trainedFolder) ?? undefined;
  const model = loadModel({ ...options, labels });
  try {
    return { model, attached: loadAdapter(files, trainedFolder, model) };
  } catch (error) {
    model.dispose();
    throw error;
  }
}

function loadWithAdapters(
  options: LoadOptions,
  trainedFolder: string | undefined,
  adapters: readonly AdapterUse[],
): TrainedModel {
  const { files } = options;
  const isWhole = trainedFolder !== undefined && !isAdapterFolder(files, trainedFolder);
  const folders = [
    ...(trainedFolder === undefined ? [] : [trainedFolder]),
    ...adapters.map(({ folder }) => folder),
  ];
  const named = folders.map((folder) => readAdapterLabels(files, folder)).find((labels) => labels !== null);
  const labels = options.labels ?? named;
  const model = loadModel({ ...options, labels, folder: isWhole ? trainedFolder : options.folder });
  try {
    const { detach } = loadAdapterStack(files, adapters, model);
    return { model, attached: { merge: null, detach } };
  } catch (error) {
    model.dispose();
    throw error;
  }
}

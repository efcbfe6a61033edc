import type { Attached } from '../methods/method.ts';
import { type LoadOptions, loadModel } from '../models/load.ts';
import type { Model } from '../models/model.ts';
import { isAdapterFolder, loadAdapter, readAdapterLabels } from './peftAdapter.ts';

export interface TrainedModel {
  readonly model: Model;
  /** The adapter on it; null for a base model or a model trained in full. */
  readonly attached: Attached | null;
}

/**
 * Loads a base model with what was trained on it.
 * @param options `folder` is the base model's
 * @param trainedFolder an adapter folder, a whole model folder, or nothing for the base model alone
 */
export function loadTrainedModel(options: LoadOptions, trainedFolder: string | undefined): TrainedModel {
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

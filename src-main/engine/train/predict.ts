import { TunebenchError } from '../../contract/errors/index.ts';
import type { RowContent } from '../../contract/methods.ts';
import { checkOptions } from '../../contract/options.ts';
import type { GenerationOptions, LoadedModel, Prediction } from '../../contract/worker.ts';
import type { Backend } from '../backend/backend.ts';
import { type TextTokenizer, loadTokenizer } from '../data/tokenizer.ts';
import type { EngineFiles } from '../files.ts';
import { type TrainedModel, loadTrainedModel } from '../formats/trainedModel.ts';
import { generateTexts } from '../generate/decode.ts';
import { encodePrompt, trimEnd } from '../generate/prompts.ts';
import type { WeightForm } from '../models/loadParameters.ts';
import type { Model } from '../models/model.ts';
import { objectiveFor } from '../objectives/registry.ts';
import { type Recipe, emptyRecipe, readRecipe } from './recipe.ts';

export interface PredictorRequest {
  readonly model: LoadedModel;
  readonly backend: Backend;
  readonly files: EngineFiles;
}

/** A model ready to be tried. */
export interface Predictor {
  /** Class names in the order of the logits; empty for models that write. */
  readonly labels: readonly string[];
  /** What the model makes of each row, in the form of its task. */
  predict(rows: readonly RowContent[]): Prediction[];
  /** Pieces of the answer as they come, some of them empty; ends early when the generator is returned. */
  generate(prompt: string, options: GenerationOptions): Generator<string, void>;
  /** The same for several prompts at once: each step gives a piece of every answer. */
  generateAll(prompts: readonly string[], options: GenerationOptions): Generator<string[], void>;
  dispose(): void;
}

/**
 * The prompt as it was written in training. What an encoder reads is the text itself with its end token; a base model
 * without a chat template just goes on from the text.
 */
function encodeText(
  { startToken }: Model,
  tokenizer: TextTokenizer,
  recipe: Recipe,
  prompt: string,
  maximumLength: number,
): number[] {
  if (startToken !== null) return tokenizer.encode(prompt, { maximumLength }).ids;
  const untrained = recipe.promptFormat === null;
  if (untrained && tokenizer.chatTemplate === null) return trimEnd(tokenizer, tokenizer.encode(prompt).ids);
  return encodePrompt(tokenizer, recipe.promptFormat ?? 'automatic', prompt);
}

/** As the weights were held in training, where this backend multiplies such matrices. */
function weightFormFor({ quantization, weightType }: Recipe, { matrixTypes }: Backend): WeightForm {
  const possible = weightType === 'stored' || matrixTypes.includes(weightType);
  return { quantization, weightType: possible ? weightType : 'float32' };
}

/**
 * Loads a base model, or what a run made of it, to be tried.
 * @throws TunebenchError where model, adapter or tokenizer cannot be read
 */
export function loadPredictor({ model: wanted, backend, files }: PredictorRequest): Predictor {
  const { modelFolder, trainedFolder, task, adapters } = wanted;
  const { spec, open: openObjective } = objectiveFor(task);
  const tokenizer = loadTokenizer(files, modelFolder);
  const recipe = trainedFolder === undefined ? emptyRecipe : readRecipe(files, trainedFolder);
  const { model, attached }: TrainedModel = loadTrainedModel(
    { files, folder: modelFolder, backend, task, seed: 0, ...weightFormFor(recipe, backend) },
    trainedFolder,
    adapters,
  );
  const { values } = checkOptions(spec.options, recipe.objective, 'objective');
  const maximumLength = Math.min(recipe.maximumLength ?? Infinity, model.maximumLength);
  const options = { ...values, maximumLength };
  const objective = openObjective({ tokenizer, labels: model.labels, options, trainRows: [] });
  const generateAll = (texts: readonly string[], options: GenerationOptions) => {
    if (spec.prediction !== 'text') {
      throw new TunebenchError('generation.notDecoder', { modelType: model.modelType });
    }
    const prompts = texts.map((text) => encodeText(model, tokenizer, recipe, text, maximumLength));
    return generateTexts({ model, backend, tokenizer, prompts, options });
  };
  return {
    labels: model.labels,
    predict(rows) {
      const predictions = objective.predict?.(model, rows, { backend, padId: tokenizer.padId });
      if (predictions === undefined) throw new TunebenchError('predict.writes', { task });
      return predictions;
    },
    *generate(prompt, options) {
      for (const [piece = ''] of generateAll([prompt], options)) yield piece;
    },
    generateAll,
    dispose() {
      attached?.detach();
      model.dispose();
    },
  };
}

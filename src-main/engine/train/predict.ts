import { TunebenchError } from '../../contract/errors/index.ts';
import type { GenerationOptions, LoadedModel, Prediction } from '../../contract/worker.ts';
import { scope } from '../autodiff/scope.ts';
import { withoutGradient } from '../autodiff/tape.ts';
import type { Backend } from '../backend/backend.ts';
import { planEvaluation } from '../data/batching.ts';
import { choosePromptWriter } from '../data/chatTemplate.ts';
import { collate } from '../data/collate.ts';
import type { Example } from '../data/examples.ts';
import { type TextTokenizer, loadTokenizer } from '../data/tokenizer.ts';
import type { EngineFiles } from '../files.ts';
import { type TrainedModel, loadTrainedModel } from '../formats/trainedModel.ts';
import { generateTexts } from '../generate/decode.ts';
import type { WeightForm } from '../models/loadParameters.ts';
import type { Model } from '../models/model.ts';
import { softmax } from '../ops/index.ts';
import { evaluationPass } from './evaluate.ts';
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
  /** The probability of every label for each text, most probable first. */
  predict(texts: readonly string[]): Prediction[];
  /** Pieces of the answer as they come, some of them empty; ends early when the generator is returned. */
  generate(prompt: string, options: GenerationOptions): Generator<string, void>;
  /** The same for several prompts at once: each step gives a piece of every answer. */
  generateAll(prompts: readonly string[], options: GenerationOptions): Generator<string[], void>;
  dispose(): void;
}

const batchSize = 32;

function rank(labels: readonly string[], probabilities: readonly number[]): Prediction {
  const named = labels.map((label, index) => ({ label, probability: probabilities[index] ?? 0 }));
  return { labels: named.sort((a, b) => b.probability - a.probability) };
}

function predictTexts(
  model: Model,
  tokenizer: TextTokenizer,
  backend: Backend,
  texts: readonly string[],
  maximumLength: number,
): Prediction[] {
  const examples = texts.map((text): Example => {
    const { ids } = tokenizer.encode(text, { maximumLength });
    return { ids, typeIds: null, target: 0 };
  });
  const predictions: Prediction[] = texts.map(() => ({ labels: [] }));
  const lengths = examples.map((example) => example.ids.length);
  for (const indices of planEvaluation(lengths, batchSize)) {
    withoutGradient(() =>
      scope(() => {
        const rows = indices.flatMap((index) => examples[index] ?? []);
        const batch = collate({ backend, padId: tokenizer.padId }, rows);
        const logits = model.classify(model.encode(batch, evaluationPass), batch, evaluationPass);
        const values = Array.from(softmax(logits).values());
        const classes = model.labels.length;
        indices.forEach((index, row) => {
          predictions[index] = rank(model.labels, values.slice(row * classes, (row + 1) * classes));
        });
      }),
    );
  }
  return predictions;
}

/** The prompt as it was written in training; a base model without a chat template just goes on from the text. */
function encodePrompt(tokenizer: TextTokenizer, recipe: Recipe, prompt: string): number[] {
  const untrained = recipe.promptFormat === null;
  if (untrained && tokenizer.chatTemplate === null) return trimEnd(tokenizer, tokenizer.encode(prompt).ids);
  const writer = choosePromptWriter(recipe.promptFormat ?? 'automatic', tokenizer);
  const { ids } = tokenizer.encode(writer.writePrompt(prompt), { specialTokens: writer.specialTokens });
  return trimEnd(tokenizer, ids);
}

/** Without the end tokens some tokenizers add: nothing would follow them. */
function trimEnd(tokenizer: TextTokenizer, ids: readonly number[]): number[] {
  const kept = [...ids];
  while (kept.length > 0 && kept.at(-1) === tokenizer.eosId) kept.pop();
  return kept;
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
  const { modelFolder, trainedFolder, task } = wanted;
  const tokenizer = loadTokenizer(files, modelFolder);
  const recipe = trainedFolder === undefined ? emptyRecipe : readRecipe(files, trainedFolder);
  const { model, attached }: TrainedModel = loadTrainedModel(
    { files, folder: modelFolder, backend, task, seed: 0, ...weightFormFor(recipe, backend) },
    trainedFolder,
  );
  const maximumLength = Math.min(recipe.maximumLength ?? Infinity, model.maximumLength);
  const generateAll = (texts: readonly string[], options: GenerationOptions) => {
    if (task !== 'causalLm') {
      throw new TunebenchError('generation.notDecoder', { modelType: model.modelType });
    }
    const prompts = texts.map((text) => encodePrompt(tokenizer, recipe, text));
    return generateTexts({ model, backend, tokenizer, prompts, options });
  };
  return {
    labels: model.labels,
    predict: (texts) => predictTexts(model, tokenizer, backend, texts, maximumLength),
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

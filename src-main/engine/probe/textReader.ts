import type { Task } from '../../contract/methods.ts';
import { scope } from '../autodiff/scope.ts';
import { withoutGradient } from '../autodiff/tape.ts';
import type { Backend } from '../backend/backend.ts';
import { planEvaluation } from '../data/batching.ts';
import { collate } from '../data/collate.ts';
import { loadTokenizer } from '../data/tokenizer.ts';
import type { EngineFiles } from '../files.ts';
import { cast } from '../ops/index.ts';
import { loadModel } from '../models/load.ts';
import { evaluationPass } from '../models/model.ts';

const batchSize = 32;
/** Longer texts are read up to here: labels seldom depend on more, and time grows with the square. */
const longestTokens = 256;
const asStored = { quantization: 'none', weightType: 'float32' } as const;

/** The base model to read with, and a task that it can be loaded for. */
export interface ReadingModel {
  readonly modelFolder: string;
  readonly task: Task;
}
/** A head for classes is loaded with the body, and never used. */
const anyLabels = ['0', '1'];

/** Makes features of texts. */
export interface TextReader {
  /** For each text the mean of its tokens' last hidden states, scaled to length 1: `[hidden]`. */
  read(texts: readonly string[]): Float32Array[];
  dispose(): void;
}

/** The mean over a text's tokens, scaled to length 1. */
function pool(hidden: Float32Array, start: number, tokens: number, width: number): Float32Array {
  const mean = new Float32Array(width);
  for (let token = 0; token < tokens; token++) {
    for (let at = 0; at < width; at++) {
      mean[at] = (mean[at] ?? 0) + (hidden[start + token * width + at] ?? 0);
    }
  }
  const length = Math.hypot(...mean);
  return length === 0 ? mean : mean.map((value) => value / length);
}

/**
 * Loads a model to read texts with.
 * @throws TunebenchError where model or tokenizer cannot be read
 */
export function loadTextReader(
  files: EngineFiles,
  backend: Backend,
  { modelFolder, task }: ReadingModel,
): TextReader {
  const tokenizer = loadTokenizer(files, modelFolder);
  const model = loadModel({
    files,
    folder: modelFolder,
    backend,
    task,
    labels: anyLabels,
    seed: 0,
    ...asStored,
  });
  const maximumLength = Math.min(model.maximumLength, longestTokens);
  return {
    read(texts) {
      const examples = texts.map((text) => ({
        ids: tokenizer.encode(text, { maximumLength }).ids,
        typeIds: null,
        target: 0,
      }));
      const found: Float32Array[] = texts.map(() => new Float32Array(model.hiddenSize));
      for (const indices of planEvaluation(
        examples.map(({ ids }) => ids.length),
        batchSize,
      )) {
        const rows = indices.flatMap((index) => examples[index] ?? []);
        withoutGradient(() =>
          scope(() => {
            const batch = collate({ backend, padId: tokenizer.padId }, rows);
            // [batch, time, hidden]
            const hidden = cast(model.encode(batch, evaluationPass), 'float32');
            const values = Float32Array.from(hidden.values());
            const [, time = 0, width = 0] = hidden.shape;
            indices.forEach((index, row) => {
              found[index] = pool(values, row * time * width, rows[row]?.ids.length ?? 0, width);
            });
          }),
        );
      }
      return found;
    },
    dispose: () => model.dispose(),
  };
}

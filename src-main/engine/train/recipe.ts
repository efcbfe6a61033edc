import type { EngineFiles } from '../files.ts';
import { isTable } from '../formats/jsonFiles.ts';
import { isPromptFormat, type PromptFormat } from '../data/chatTemplate.ts';
import type { Quantization } from '../models/model.ts';

/** Beside what other programs read, a result says how it was made, so that trying it works the same way. */
export const recipeFile = 'tunebench.json';

export interface Recipe {
  readonly maximumLength: number | null;
  readonly promptFormat: PromptFormat | null;
  readonly methodId: string | null;
  /** The objective's options. */
  readonly objective: Readonly<Record<string, unknown>>;
  /** How the base model was held: what was trained on it fits it best in that form. */
  readonly quantization: Quantization;
  /** Likewise the type of its weights; of a base model, the one it is stored in. */
  readonly weightType: 'float32' | 'bfloat16' | 'stored';
}

/** Of a base model, and of folders other programs made. */
export const emptyRecipe: Recipe = {
  maximumLength: null,
  promptFormat: null,
  methodId: null,
  objective: {},
  quantization: 'none',
  weightType: 'stored',
};

export function recipeBytes(recipe: Recipe): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify({ version: 1, ...recipe }, null, 2)}\n`);
}

/** The recipe of a result folder; empty where another program made the folder. */
export function readRecipe(files: EngineFiles, folder: string): Recipe {
  const path = files.join(folder, recipeFile);
  if (!files.exists(path)) return emptyRecipe;
  const parsed: unknown = JSON.parse(files.readText(path));
  if (typeof parsed !== 'object' || parsed === null) return emptyRecipe;
  const maximumLength: unknown = Reflect.get(parsed, 'maximumLength');
  const promptFormat: unknown = Reflect.get(parsed, 'promptFormat');
  const methodId: unknown = Reflect.get(parsed, 'methodId');
  const objective: unknown = Reflect.get(parsed, 'objective');
  return {
    maximumLength: typeof maximumLength === 'number' ? maximumLength : null,
    promptFormat: isPromptFormat(promptFormat) ? promptFormat : null,
    methodId: typeof methodId === 'string' ? methodId : null,
    objective: isTable(objective) ? objective : {},
    quantization: Reflect.get(parsed, 'quantization') === 'nf4' ? 'nf4' : 'none',
    weightType: Reflect.get(parsed, 'weightType') === 'bfloat16' ? 'bfloat16' : 'float32',
  };
}

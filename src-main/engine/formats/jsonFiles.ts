import { TunebenchError } from '../../contract/errors/index.ts';
import type { ByteSink, EngineFiles } from '../files.ts';

export type JsonTable = Readonly<Record<string, unknown>>;

export function isTable(value: unknown): value is JsonTable {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A JSON file that holds a table. Throws `modelFolder.badJson`. */
export function readJsonTable(files: EngineFiles, path: string): JsonTable {
  let detail = 'it is not a table.';
  try {
    const value: unknown = JSON.parse(files.readText(path));
    if (isTable(value)) return value;
  } catch (error) {
    detail = error instanceof Error ? error.message : String(error);
  }
  throw new TunebenchError('modelFolder.badJson', { file: path, detail });
}

/** Stands before a number whose spelling is to be kept; no text of a configuration begins like this. */
const spellingMark = '\u0000number ';

/**
 * A JSON table that is going to be written again. Whole numbers spelled with a point stay so (30.0): Python tells them
 * from integers, and transformers refuses one in place of the other.
 */
export function readJsonToRewrite(files: EngineFiles, path: string): JsonTable {
  const keepSpelling = (_: string, value: unknown, context?: { readonly source?: string }): unknown => {
    const spelling = context?.source;
    const isPointed = Number.isInteger(value) && spelling !== undefined && /[.eE]/.test(spelling);
    return isPointed ? spellingMark + spelling : value;
  };
  const checked = readJsonTable(files, path);
  const value: unknown = JSON.parse(files.readText(path), keepSpelling);
  return isTable(value) ? value : checked;
}

/** JSON as the ecosystem's Python tools write it: indented by two, line break at the end. */
export function writeJson(sink: ByteSink, value: JsonTable): void {
  const spelled = JSON.stringify(value, null, 2).replace(/"\\u0000number ([^"]*)"/g, '$1');
  sink.write(new TextEncoder().encode(`${spelled}\n`));
}

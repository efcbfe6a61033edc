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

/** JSON as the ecosystem's Python tools write it: indented by two, line break at the end. */
export function writeJson(sink: ByteSink, value: JsonTable): void {
  sink.write(new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`));
}

import { describeProblem } from '../../contract/errors/index.ts';
import { maximumLineBytes } from '../source.ts';
import type { Codec, RawRow } from './codec.ts';

const limitMegabytes = maximumLineBytes / 1024 / 1024;

function toText(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === null || value === undefined ? '' : JSON.stringify(value);
}

function readLine(line: number, text: string): RawRow {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { line, problem: describeProblem('datasets.badJson', { line, detail }) };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const found = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
    return { line, problem: describeProblem('datasets.notAnObject', { line, found }) };
  }
  // A key of this name would change the object instead of filling it.
  const entries = Object.entries(value).filter(([name]) => name !== '__proto__');
  return { line, fields: Object.fromEntries(entries.map(([name, inner]) => [name, toText(inner)])) };
}

/** JSON lines: one object per line. Values that are not text become their JSON. Blank lines are skipped. */
export const jsonlCodec: Codec = {
  format: 'jsonl',
  extensions: ['.jsonl', '.ndjson', '.json'],
  async *readRows(blocks) {
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    for await (const block of blocks) {
      const tooLong = new Set(block.tooLong);
      let line = block.firstLine;
      let start = 0;
      while (start < block.bytes.byteLength || tooLong.has(line)) {
        const found = block.bytes.indexOf(0x0a, start);
        const end = found < 0 ? block.bytes.byteLength : found;
        if (tooLong.has(line)) {
          yield { line, problem: describeProblem('datasets.lineTooLong', { line, limitMegabytes }) };
        } else {
          const text = decoder.decode(block.bytes.subarray(start, end)).trim();
          if (text !== '') yield readLine(line, text);
        }
        start = end + 1;
        line++;
      }
    }
  },
};

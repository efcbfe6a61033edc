import { maximumLineBytes } from '../source.ts';

/** A value inside a JSON document, as its text with the line it begins in; without text where it is too long. */
export interface JsonElement {
  readonly line: number;
  readonly text: string | undefined;
}

/** Where in a document its rows are. */
export type JsonContainer = 'array' | 'member' | 'sequence';

/** Names under which a document usually keeps its rows. */
const rowMembers = new Set([
  'data',
  'rows',
  'records',
  'examples',
  'items',
  'instances',
  'train',
  'test',
  'validation',
]);

const quote = 0x22;
const backslash = 0x5c;
const newline = 0x0a;

/** Tells from the start of a document where its rows are; with the offset behind the bracket that opens them. */
export function findContainer(start: string): { container: JsonContainer; offset: number } | undefined {
  const first = start.search(/\S/);
  if (first < 0) return undefined;
  if (start[first] === '[') return { container: 'array', offset: first + 1 };
  if (start[first] !== '{') return undefined;
  let depth = 0;
  for (let index = first; index < start.length; index++) {
    const character = start[index];
    if (character === '{' || character === '[') depth++;
    else if (character === '}' || character === ']') depth--;
    else if (character === '"') {
      const text = /^"((?:[^"\\]|\\.)*)"(?:\s*:\s*\[)?/s.exec(start.slice(index));
      if (text === null) break;
      const opens = text[0].endsWith('[');
      if (depth === 1 && opens && rowMembers.has(text[1] ?? '')) {
        return { container: 'member', offset: index + text[0].length };
      }
      index += text[0].length - (opens ? 2 : 1);
    }
    if (depth === 0) break;
  }
  return { container: 'sequence', offset: first };
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === newline || code === 0x0d || code === 0x09 || code === 0xfeff;
}

/**
 * Cuts a JSON document into the values of its list of rows, reading it once in constant memory. What is malformed
 * comes out as an element that does not parse.
 */
export class ElementCutter {
  readonly #isList: boolean;
  #line: number;
  #depth = 0;
  #inString = false;
  #escaped = false;
  #held = '';
  #started = false;
  #startLine = 1;
  #tooLong = false;
  /** The list was closed: what follows is not part of it. */
  #ended = false;

  constructor(container: JsonContainer, line: number) {
    this.#isList = container !== 'sequence';
    this.#line = line;
  }

  *push(chunk: string): Generator<JsonElement> {
    let from = 0;
    for (let index = 0; index < chunk.length; index++) {
      const code = chunk.charCodeAt(index);
      if (this.#ended) return;
      if (code === newline && !this.#inString) this.#line++;
      if (this.#inString) {
        index = this.#endOfString(chunk, index);
        continue;
      }
      if (!this.#started) {
        if (isSpace(code) || (this.#isList && code === 0x2c)) continue;
        if (this.#isList && code === 0x5d) {
          this.#ended = true;
          continue;
        }
        this.#started = true;
        this.#startLine = this.#line;
        from = index;
      } else if (this.#depth === 0 && (code === 0x2c || code === 0x5d || isSpace(code))) {
        // A bare word or number ends before the separator, which is then seen on its own.
        yield this.#finish(chunk.slice(from, index));
        if (code === newline) this.#line--;
        index--;
        continue;
      }
      if (code === quote) this.#inString = true;
      else if (code === 0x7b || code === 0x5b) this.#depth++;
      else if (code === 0x7d || code === 0x5d) {
        this.#depth--;
        if (this.#depth <= 0) yield this.#finish(chunk.slice(from, index + 1));
      }
    }
    if (this.#started) this.#hold(chunk.slice(from));
  }

  /** The place of the mark that ends the string, or the last place of the chunk. */
  #endOfString(chunk: string, from: number): number {
    let index = from;
    if (this.#escaped) {
      this.#escaped = false;
      index++;
    }
    for (;;) {
      const mark = chunk.indexOf('"', index);
      const end = mark < 0 ? chunk.length : mark;
      let slashes = 0;
      while (end - slashes > index && chunk.charCodeAt(end - slashes - 1) === backslash) slashes++;
      const escaped = slashes % 2 === 1;
      if (mark < 0) {
        this.#escaped = escaped;
        return chunk.length - 1;
      }
      if (!escaped) {
        this.#inString = false;
        return mark;
      }
      index = mark + 1;
    }
  }

  /** What is left at the end of the document: an element cut off, or the closing bracket that is missing. */
  *end(): Generator<JsonElement> {
    if (this.#started) yield this.#finish('');
    else if (this.#isList && !this.#ended) yield { line: this.#line, text: '[' };
  }

  #hold(piece: string): void {
    if (this.#tooLong) return;
    this.#held += piece;
    if (this.#held.length <= maximumLineBytes) return;
    this.#tooLong = true;
    this.#held = '';
  }

  #finish(piece: string): JsonElement {
    this.#hold(piece);
    const element = { line: this.#startLine, text: this.#tooLong ? undefined : this.#held };
    this.#held = '';
    this.#tooLong = false;
    this.#started = false;
    this.#depth = 0;
    return element;
  }
}

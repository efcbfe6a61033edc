import { type InlinePart, parseInline } from './inline.ts';

/** A block of a text in Markdown. */
export type MarkdownBlock =
  | { readonly kind: 'heading'; readonly level: number; readonly parts: readonly InlinePart[] }
  /** Its lines stay lines, as people write notes. */
  | { readonly kind: 'paragraph'; readonly lines: readonly (readonly InlinePart[])[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'quote'; readonly blocks: readonly MarkdownBlock[] }
  | {
      readonly kind: 'list';
      /** The first number; null where items have no numbers. */
      readonly start: number | null;
      readonly items: readonly MarkdownItem[];
    }
  | {
      readonly kind: 'table';
      readonly header: readonly (readonly InlinePart[])[];
      readonly rows: readonly (readonly (readonly InlinePart[])[])[];
    }
  | { readonly kind: 'rule' };
export interface MarkdownItem {
  /** Whether the box in front is ticked; null where there is no box. */
  readonly ticked: boolean | null;
  readonly blocks: readonly MarkdownBlock[];
}

/** Lists and quotes further inside are read as text. */
const deepest = 6;
const heading = /^ {0,3}(#{1,6})[ \t](.*)$/;
const fence = /^ {0,3}(`{3,}|~{3,})/;
const rule = /^ {0,3}(?:-[ \t]*){3,}$|^ {0,3}(?:\*[ \t]*){3,}$|^ {0,3}(?:_[ \t]*){3,}$/;
const quote = /^ {0,3}> ?/;
const item = /^( {0,3})(?:[-*+]|(\d{1,9})[.)])( {1,4}|\t|$)/;

/** Whether a line stands between the head and the body of a table. */
function isDivider(line: string): boolean {
  return line.includes('-') && cellTexts(line).every((cell) => /^:?-+:?$/.test(cell));
}

function cellTexts(line: string): string[] {
  const inner = line.trim().replace(/^\|/, '').replace(/\|$/, '');
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim());
}

const cellsOf = (line: string): InlinePart[][] => cellTexts(line).map((cell) => parseInline(cell));

class BlockReader {
  readonly #lines: readonly string[];
  readonly #depth: number;
  #at = 0;

  constructor(lines: readonly string[], depth: number) {
    this.#lines = lines;
    this.#depth = depth;
  }

  #line(offset = 0): string | undefined {
    return this.#lines[this.#at + offset];
  }

  /** Whether a table begins here: a line with a bar above a line of dashes. */
  #atTable(): boolean {
    const [line, next] = [this.#line(), this.#line(1)];
    return line !== undefined && next !== undefined && line.includes('|') && isDivider(next);
  }

  #endsParagraph(line: string): boolean {
    const nests = this.#depth < deepest && (quote.test(line) || item.test(line));
    return line.trim() === '' || heading.test(line) || fence.test(line) || rule.test(line) || nests;
  }

  readAll(): MarkdownBlock[] {
    const blocks: MarkdownBlock[] = [];
    for (let line = this.#line(); line !== undefined; line = this.#line()) {
      if (line.trim() === '') this.#at += 1;
      else blocks.push(this.#readBlock(line));
    }
    return blocks;
  }

  #readBlock(line: string): MarkdownBlock {
    const [, sharps, title] = heading.exec(line) ?? [];
    if (sharps !== undefined) {
      this.#at += 1;
      return {
        kind: 'heading',
        level: sharps.length,
        parts: parseInline((title ?? '').trim().replace(/\s#+$/, '')),
      };
    }
    if (fence.test(line)) return this.#readCode(line);
    if (rule.test(line)) {
      this.#at += 1;
      return { kind: 'rule' };
    }
    if (this.#depth < deepest && quote.test(line)) return this.#readQuote();
    if (this.#depth < deepest && item.test(line)) return this.#readList();
    return this.#atTable() ? this.#readTable() : this.#readParagraph();
  }

  #readCode(opening: string): MarkdownBlock {
    const mark = fence.exec(opening)?.[1] ?? '```';
    const lines: string[] = [];
    this.#at += 1;
    for (let line = this.#line(); line !== undefined; line = this.#line()) {
      this.#at += 1;
      if (line.trim().startsWith(mark) && line.trim().replaceAll(mark.charAt(0), '') === '') break;
      lines.push(line);
    }
    return { kind: 'code', text: lines.join('\n') };
  }

  #readQuote(): MarkdownBlock {
    const lines: string[] = [];
    for (let line = this.#line(); line !== undefined && quote.test(line); line = this.#line()) {
      lines.push(line.replace(quote, ''));
      this.#at += 1;
    }
    return { kind: 'quote', blocks: new BlockReader(lines, this.#depth + 1).readAll() };
  }

  #readList(): MarkdownBlock {
    const first = item.exec(this.#line() ?? '')?.[2];
    const items: MarkdownItem[] = [];
    for (let line = this.#line(); line !== undefined; line = this.#line()) {
      const found = item.exec(line);
      if (!found || rule.test(line) || (found[2] === undefined) !== (first === undefined)) break;
      items.push(this.#readItem(line.slice(found[0].length), found[0].length));
    }
    return { kind: 'list', start: first === undefined ? null : Number(first), items };
  }

  /** What belongs to an item: its own line, and those below that are indented, blank ones between them too. */
  #readItem(text: string, indent: number): MarkdownItem {
    const box = /^\[([ xX])\]\s+/.exec(text);
    const lines = [box ? text.slice(box[0].length) : text];
    this.#at += 1;
    for (let line = this.#line(); line !== undefined; line = this.#line()) {
      const indented = /^(?: {2,}|\t)/.test(line);
      const blankBefore = (this.#lines[this.#at - 1] ?? '').trim() === '';
      const blankInside = line.trim() === '' && /^(?: {2,}|\t)\S/.test(this.#line(1) ?? '');
      if (!indented && !blankInside && (blankBefore || this.#endsParagraph(line))) break;
      lines.push(line.replace(new RegExp(`^(?:\t| {0,${Math.max(2, indent)}})`), ''));
      this.#at += 1;
    }
    return {
      ticked: box ? box[1] !== ' ' : null,
      blocks: new BlockReader(lines, this.#depth + 1).readAll(),
    };
  }

  #readTable(): MarkdownBlock {
    const header = cellsOf(this.#line() ?? '');
    this.#at += 2;
    const rows: InlinePart[][][] = [];
    for (let line = this.#line(); line !== undefined && line.includes('|'); line = this.#line()) {
      const cells = cellsOf(line);
      rows.push(header.map((_, index) => cells[index] ?? []));
      this.#at += 1;
    }
    return { kind: 'table', header, rows };
  }

  #readParagraph(): MarkdownBlock {
    const lines: InlinePart[][] = [];
    for (let line = this.#line(); line !== undefined; line = this.#line()) {
      if (lines.length > 0 && (this.#endsParagraph(line) || this.#atTable())) break;
      lines.push(parseInline(line.trim()));
      this.#at += 1;
    }
    return { kind: 'paragraph', lines };
  }
}

/**
 * Reads the Markdown that notes are written in: headings, lists (with boxes), quotes, code, tables, rules and what
 * `parseInline` knows. Every text is something, and none of it is HTML.
 */
export function parseMarkdown(text: string): MarkdownBlock[] {
  return new BlockReader(text.split(/\r\n?|\n/), 0).readAll();
}

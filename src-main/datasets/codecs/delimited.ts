import type { ReadOptions } from '../../contract/datasets.ts';
import { describeProblem } from '../../contract/errors/index.ts';
import { withoutFormulaGuard } from '../formulaGuard.ts';
import { type FileSource, maximumLineBytes } from '../source.ts';
import { readTextBlocks } from '../textBlocks.ts';
import type { Codec, Layout, RawRow } from './codec.ts';
import { detectDelimitedLayout } from './delimitedLayout.ts';
import { readRecords } from './delimitedRecords.ts';
import { encodingIn } from './lines.ts';

const limitMegabytes = maximumLineBytes / 1024 / 1024;

async function* readRows(source: FileSource, layout: Layout): AsyncGenerator<RawRow> {
  const { columns } = layout;
  const expected = columns.length;
  const cell = (text: string | undefined): string =>
    layout.guarded === true ? withoutFormulaGuard(text ?? '') : (text ?? '');
  let header = layout.hasHeader;
  const blocks = readTextBlocks(source, encodingIn(layout));
  for await (const { line, fields } of readRecords(blocks, layout, source.name)) {
    if (fields === undefined) {
      yield { line, problem: describeProblem('datasets.lineTooLong', { line, limitMegabytes }) };
    } else if (header) {
      header = false;
    } else if (expected > 1 && fields.length === 1 && fields[0]?.trim() === '') {
      // A line of nothing but spaces is as good as empty.
    } else if (fields.length !== expected) {
      const found = fields.length;
      yield { line, problem: describeProblem('datasets.fieldCount', { line, found, expected }) };
    } else {
      yield { line, fields: Object.fromEntries(columns.map((name, index) => [name, cell(fields[index])])) };
    }
  }
}

const detectWith =
  (format: 'csv' | 'tsv') =>
  (source: FileSource, options: ReadOptions): Promise<Layout> =>
    detectDelimitedLayout(source, options, format);

export const csvCodec: Codec = {
  format: 'csv',
  extensions: ['.csv'],
  detectLayout: detectWith('csv'),
  readRows,
};
export const tsvCodec: Codec = {
  format: 'tsv',
  extensions: ['.tsv', '.tab'],
  detectLayout: detectWith('tsv'),
  readRows,
};

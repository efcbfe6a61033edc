import type { DatasetSummary } from '../../contract/datasets.ts';
import { textOf } from '../../contract/datasets.ts';
import { TunebenchError } from '../../contract/errors/index.ts';
import { originColumn } from '../../contract/origin.ts';
import type { AcceptedTexts, ExpansionEvent, ExpansionRequest } from '../../contract/synthetic.ts';
import type { GenerationOptions } from '../../contract/worker.ts';
import {
  type DatasetRecord,
  type SourceRow,
  createNoveltyCheck,
  drawRows,
  expandedColumn,
  fillInstruction,
  sourceRow,
  tidyAnswer,
  withAcceptedTexts,
} from '../../datasets/index.ts';
import { createSha256 } from '../../platform/index.ts';
import type { ServiceContext } from '../context.ts';
import type { JobControl } from '../jobs.ts';
import { createRowFilter } from './rowFilter.ts';
import { addVersion } from './versions.ts';

/** A model that writes on from a text, piece by piece. */
export interface WritingModel {
  readonly name: string;
  write(
    prompt: string,
    options: Partial<GenerationOptions>,
    signal: AbortSignal | undefined,
  ): AsyncIterable<{ text: string }>;
}

/** What a model writes with where nobody says otherwise: the likeliest text alone would come again each time. */
const usualGeneration: Partial<GenerationOptions> = { temperature: 0.8, topP: 0.95, stop: ['\n'] };

const sourceStream = 0x736f7572;
const exampleStream = 0x6578616d;
/** Texts one call may have: a seed for each, and none twice. */
const callsPerRow = 1000;

/** Rows that can be written after, those asked for, and every text there is, to know what is new. */
function readSources(
  { store }: Pick<ServiceContext, 'store'>,
  dataset: DatasetSummary,
  request: ExpansionRequest,
  column: string,
): { known: SourceRow[]; wanted: SourceRow[]; texts: string[] } {
  const passes = createRowFilter({ splits: ['train'], ...request.filter }, dataset);
  const named = request.rows && new Set(request.rows);
  const known: SourceRow[] = [];
  const passing: SourceRow[] = [];
  const texts: string[] = [];
  let row = 0;
  for (const record of store.datasets.allRecords(dataset.id)) {
    row++;
    texts.push(textOf(record.fields[column]));
    const source = sourceRow(record.fields, { row, split: record.split }, column, dataset.mapping);
    if (source === undefined) continue;
    known.push(source);
    if (named === undefined ? passes(record) : named.has(row)) passing.push(source);
  }
  const { seed = 0 } = request.generation;
  const wanted = named === undefined ? drawRows(passing, request.mostRows, seed, sourceStream) : passing;
  return { known, wanted, texts };
}

/**
 * Lets a model write texts after rows of a dataset, one after the other; leaving the loop ends it. What is empty or known
 * already is dropped. Nothing is kept: a person decides what becomes a row.
 * @throws TunebenchError `datasets.noExpandableColumn`, `datasets.templateWithoutText`, `datasets.nothingToExpand`,
 * `datasets.noSuchRow`, `datasets.filterNeedsLabelling`, and what the model says
 */
export async function* expandDataset(
  context: Pick<ServiceContext, 'store'>,
  dataset: DatasetSummary,
  request: ExpansionRequest,
  model: WritingModel,
  signal?: AbortSignal,
): AsyncGenerator<ExpansionEvent> {
  const column = expandedColumn(dataset, request.column);
  const missing = request.rows?.find((row) => row > dataset.rows);
  if (missing !== undefined)
    throw new TunebenchError('datasets.noSuchRow', { name: dataset.name, row: missing, rows: dataset.rows });
  const { known, wanted, texts } = readSources(context, dataset, request, column);
  if (wanted.length === 0) throw new TunebenchError('datasets.nothingToExpand', { name: dataset.name });
  const total = wanted.length * request.perRow;
  const { template, perRow, generation } = request;
  const needsExamples = template.includes('{examples}');
  const isNew = createNoveltyCheck(texts);
  const { seed: firstSeed = 0 } = generation;
  // Says what is wrong with the instruction before the model is loaded.
  fillInstruction(template, wanted[0] ?? { row: 1, split: 'train', text: '', label: '' }, []);
  yield { kind: 'started', model: model.name, column, template, rows: wanted.length, total };
  for (const source of wanted) {
    for (let turn = 0; turn < perRow; turn++) {
      signal?.throwIfAborted();
      const seed = firstSeed + source.row * callsPerRow + turn;
      const alike = ({ row, label, split }: SourceRow) =>
        row !== source.row && label === source.label && split === source.split;
      const examples = needsExamples
        ? drawRows(known.filter(alike), request.examples, seed, exampleStream)
        : [];
      const prompt = fillInstruction(template, source, examples);
      let written = '';
      const options = { ...usualGeneration, ...generation, seed };
      for await (const piece of model.write(prompt, options, signal)) written += piece.text;
      const text = tidyAnswer(written);
      const { row, label } = source;
      if (!/[\p{L}\p{N}]/u.test(text)) yield { kind: 'dropped', why: 'empty', row };
      else if (!isNew(text)) yield { kind: 'dropped', why: 'duplicate', row };
      else {
        const candidate = {
          text,
          row,
          source: source.text,
          label,
          examples: examples.map((example) => example.row),
          seed,
        };
        yield { kind: 'written', candidate };
      }
    }
  }
}

/**
 * Puts accepted texts behind the last row as a new version, each marked with where it comes from.
 * @throws TunebenchError `datasets.noSuchRow`, `datasets.noExpandableColumn`
 */
export async function addAcceptedTexts(
  context: ServiceContext,
  dataset: DatasetSummary,
  accepted: AcceptedTexts,
  job: JobControl,
): Promise<DatasetSummary> {
  const { id, name, rows, versionHash } = dataset;
  expandedColumn(dataset, accepted.column);
  const missing = accepted.texts.flatMap(({ row, examples }) => [row, ...examples]).find((row) => row > rows);
  if (missing !== undefined) throw new TunebenchError('datasets.noSuchRow', { name, row: missing, rows });
  const records: Iterable<DatasetRecord> = {
    [Symbol.iterator]: () =>
      withAcceptedTexts(context.store.datasets.allRecords(id), accepted, versionHash.slice(0, 12), () =>
        createSha256(),
      ),
  };
  const columns = [...new Set([...dataset.columns, originColumn])];
  const { length: added } = accepted.texts;
  const change = { kind: 'expanded' as const, model: accepted.model, rows: added };
  return addVersion(context, { ...dataset, columns }, records, rows + added, change, job);
}

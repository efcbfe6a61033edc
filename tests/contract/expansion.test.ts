import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { DatasetSummary } from '../../src-main/contract/datasets.ts';
import { originColumn, originOf } from '../../src-main/contract/origin.ts';
import type { Candidate, ExpansionEvent } from '../../src-main/contract/synthetic.ts';
import { type TestHost, codesOfCall, openHostForFile } from './testHost.ts';
import { decoderFolder } from './tinyModel.ts';

const { folder, host } = await openHostForFile();
let modelId: string;
let dataset: DatasetSummary;

beforeAll(async () => {
  modelId = (await host.client.models.import({ path: decoderFolder })).id;
  const file = path.join(folder.path, 'requests.jsonl');
  const row = (split: string, label: string, text: string) => `${JSON.stringify({ split, label, text })}\n`;
  await writeFile(
    file,
    [
      row('train', 'light', 'turn on the lamp'),
      row('train', 'music', 'play a song'),
      row('train', 'music', 'louder please'),
      row('test', 'light', 'switch the light off'),
    ].join(''),
  );
  dataset = await host.client.datasets.import({
    files: [{ path: file }],
    mapping: { roles: { text: 'text', label: 'label' }, splitColumn: 'split' },
  });
});

type Wanted = Omit<Parameters<TestHost['client']['datasets']['expand']>[0], 'id' | 'target'>;

async function eventsOf(wanted: Wanted): Promise<ExpansionEvent[]> {
  const events: ExpansionEvent[] = [];
  const request = { id: dataset.id, target: { modelId }, ...wanted };
  for await (const event of await host.client.datasets.expand(request)) events.push(event);
  return events;
}
const candidatesOf = (events: readonly ExpansionEvent[]): Candidate[] =>
  events.flatMap((event) => (event.kind === 'written' ? [event.candidate] : []));

const wanted: Wanted = {
  template: '{label}: {text}\n',
  perRow: 3,
  generation: { maximumNewTokens: 8, temperature: 1, seed: 4, stop: [] },
};

describe('a model writes after rows', () => {
  test('of training, each text once, the same for the same seed', async () => {
    const events = await eventsOf(wanted);
    expect(events[0]).toMatchObject({ kind: 'started', column: 'text', rows: 3, total: 9 });
    expect(events).toHaveLength(10);
    const candidates = candidatesOf(events);
    expect(candidates.length).toBeGreaterThan(2);
    expect(new Set(candidates.map(({ text }) => text)).size).toBe(candidates.length);
    expect(candidates.map(({ row }) => row)).not.toContain(4);
    for (const { row, source, label } of candidates)
      expect([source, label]).toEqual(
        [
          ['turn on the lamp', 'light'],
          ['play a song', 'music'],
          ['louder please', 'music'],
        ][row - 1],
      );
    expect(await eventsOf(wanted)).toEqual(events);
    expect(await eventsOf({ ...wanted, generation: { ...wanted.generation, seed: 5 } })).not.toEqual(events);
  });

  test('of a label, with other rows of it as examples', async () => {
    const more = { ...wanted, template: '{examples}\n{text}\n', perRow: 1, filter: { labels: ['music'] } };
    const candidates = candidatesOf(await eventsOf(more));
    for (const { row, examples } of candidates) expect([2, 3]).toEqual([row, ...examples].toSorted());
    expect(candidates.length).toBeGreaterThan(0);
  });

  test('and drops what is there already, and nothing at all', async () => {
    const likeliest = { ...wanted, rows: [1], generation: { ...wanted.generation, temperature: 0 } };
    const events = await eventsOf(likeliest);
    expect(candidatesOf(events).length).toBeLessThanOrEqual(1);
    expect(events.filter(({ kind }) => kind === 'dropped').length).toBeGreaterThanOrEqual(2);
    const stopped = { ...wanted, rows: [1], generation: { ...wanted.generation, stop: [''] } };
    expect((await eventsOf(stopped)).length).toBe(4);
  });

  test('unless the request makes no sense', async () => {
    expect(await codesOfCall(eventsOf({ template: 'write something' }))).toEqual([
      'datasets.templateWithoutText',
    ]);
    expect(await codesOfCall(eventsOf({ ...wanted, column: 'label' }))).toEqual([
      'datasets.noExpandableColumn',
    ]);
    expect(await codesOfCall(eventsOf({ ...wanted, filter: { labels: ['none'] } }))).toEqual([
      'datasets.nothingToExpand',
    ]);
    expect(await codesOfCall(eventsOf({ ...wanted, rows: [9] }))).toEqual(['datasets.noSuchRow']);
  });
});

describe('accepted texts', () => {
  const text = { text: 'put the lamp on', row: 1, examples: [], seed: 7 };
  const accept = (id: string) =>
    host.client.datasets.addSynthetic({
      id,
      column: 'text',
      model: 'tiny',
      template: '{text}',
      texts: [text],
    });

  test('are a version that can be undone, marked wherever rows go', async () => {
    const { client } = host;
    const made = await accept(dataset.id);
    expect(made.change).toEqual({ kind: 'expanded', model: 'tiny', rows: 1 });
    expect(made.columns).toContain(originColumn);
    expect(made.syntheticBySplit).toEqual({ train: 1, validation: 0, test: 0 });
    const { rows } = await client.datasets.rows({ id: made.id });
    expect(rows.at(-1)).toMatchObject({ split: 'train', fields: { text: text.text, label: 'light' } });
    expect(originOf(rows.at(-1)?.fields ?? {})).toMatchObject({ model: 'tiny', row: 1, seed: 7 });

    const { findings } = await client.datasets.check({ source: { datasetId: made.id } });
    expect(findings.find(({ check }) => check === 'syntheticRows')?.groups[0]?.rows).toEqual([{ row: 5 }]);

    const file = path.join(folder.path, 'marked.csv');
    await client.datasets.export({ id: made.id, path: file, format: 'csv' });
    expect(await readFile(file, 'utf8')).toContain('tiny');
    const again = await client.datasets.import({
      files: [{ path: file }],
      mapping: { roles: { text: 'text', label: 'label' } },
      validationShare: 0.5,
    });
    const back = await client.datasets.rows({ id: again.id });
    expect(originOf(back.rows.at(-1)?.fields ?? {})).toMatchObject({ model: 'tiny', row: 1 });
    expect([back.rows[0]?.split, back.rows.at(-1)?.split]).toEqual(['train', 'train']);

    const labelling = await client.labels.open({ datasetId: made.id, task: 'single' });
    const published = await client.labels.publish({ id: labelling.id });
    const { rows: kept } = await client.datasets.rows({ id: published.id });
    expect(originOf(kept.at(-1)?.fields ?? {})?.model).toBe('tiny');

    await client.datasets.remove({ id: published.id });
    const undone = await client.datasets.undo({ id: made.id });
    expect(undone.versionHash).toBe(dataset.versionHash);
    expect(undone.columns).not.toContain(originColumn);
    expect(undone.syntheticBySplit).toBeUndefined();
  });

  test('are refused after rows that are not there', async () => {
    const call = host.client.datasets.addSynthetic({
      id: dataset.id,
      column: 'text',
      model: 'tiny',
      template: '{text}',
      texts: [{ ...text, row: 5 }],
    });
    expect(await codesOfCall(call)).toEqual(['datasets.noSuchRow']);
  });
});

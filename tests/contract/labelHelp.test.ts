import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LabelRecord } from '../../src-main/contract/labels.ts';
import { classificationConfig, eventsUntil } from './runFixtures.ts';
import { type TestHost, codesOfCall, makeTestFolder, openTestHost } from './testHost.ts';
import { encoderFolder } from './tinyModel.ts';

let folder: Awaited<ReturnType<typeof makeTestFolder>>;
let host: TestHost;
const labels = () => host.client.labels;
const answer = (label: string) => ({ kind: 'labels' as const, labels: [label] });

beforeAll(async () => {
  folder = await makeTestFolder();
  host = await openTestHost({ folder: folder.path });
});
afterAll(async () => {
  await host.close();
  await folder.remove();
});

const things = { light: ['lamp', 'light', 'bulb'], music: ['song', 'tune', 'melody'] } as const;
/** Requests about light and music in turn. */
const rows = Array.from({ length: 60 }, (_, index) => {
  const label = index % 2 === 0 ? 'light' : 'music';
  const verb = label === 'light' ? 'turn on the' : 'play me a nice';
  return { text: `${verb} ${things[label][index % 3]} number ${index}`, label };
});

async function openRows(name: string): Promise<string> {
  const file = path.join(folder.path, `${name}.csv`);
  await writeFile(file, ['text,category', ...rows.map(({ text, label }) => `${text},${label}`)].join('\n'));
  const dataset = await host.client.datasets.import({
    files: [{ path: file, split: 'train' }],
    mapping: { roles: { text: 'text', label: 'category' } },
  });
  return dataset.id;
}

async function labelRows(id: string, numbers: readonly number[]) {
  for (const label of ['light', 'music'] as const) {
    const own = numbers.filter((number) => rows[number - 1]?.label === label);
    if (own.length === 0) continue;
    await labels().act({
      id,
      action: { kind: 'label', target: { numbers: own }, answer: answer(label) },
    });
  }
}
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);
const rightShare = (records: readonly LabelRecord[]) =>
  records.filter(
    ({ suggestion, number }) =>
      suggestion?.kind === 'labels' && suggestion.labels[0] === rows[number - 1]?.label,
  ).length / records.length;

describe('a probe on a base model', () => {
  let id: string;
  let modelId: string;
  const help = async () => (await labels().get({ id })).state.help;
  const pending = async (order: 'number' | 'score' | 'margin' | 'entropy' | 'diversity' = 'number') =>
    (await labels().page({ id, filter: { statuses: ['pending'] }, order, limit: 200 })).records;

  test('waits for two labels, then suggests, is taught again in the background, and survives a restart', async () => {
    const datasetId = await openRows('probe');
    modelId = (await host.client.models.import({ path: encoderFolder, name: 'Tiny' })).id;
    ({ id } = await labels().open({ datasetId, task: 'single', existing: 'nothing' }));
    const started = await labels().startHelp({ id, source: { kind: 'probe', modelId } });
    expect(started).toMatchObject({ name: 'Tiny', phase: 'waiting', records: 60, learned: 0, renewals: 1 });
    // Before anything is labelled, different records can be shown already.
    expect(await pending('diversity')).toHaveLength(60);
    expect(await pending('score')).toEqual([]);

    await labelRows(id, range(1, 20));
    await expect.poll(help).toMatchObject({ phase: 'ready', learned: 20 });
    const suggested = await pending();
    expect(rightShare(suggested)).toBeGreaterThan(0.9);
    for (const { score } of suggested) expect(score).toBeGreaterThan(0.5);
    for (const order of ['score', 'margin', 'entropy'] as const)
      expect(await pending(order)).toHaveLength(40);
    const scores = (await pending('score')).map(({ score }) => score ?? 0);
    expect(scores).toEqual([...scores].sort((one, other) => one - other));
    const [first] = await labels().history({ id });
    expect(first?.kind).toBe('label');

    await host.close();
    host = await openTestHost({ folder: folder.path });
    expect((await labels().get({ id })).state.help).toMatchObject({ phase: 'ready', learned: 20 });
    expect(rightShare(await pending())).toBeGreaterThan(0.9);
  });

  test('a wrong label is found by the label it was given and by the filter for disagreement', async () => {
    await labels().act({
      id,
      action: { kind: 'label', target: { numbers: [21, 22, 23] }, answer: answer('music') },
    });
    await expect.poll(help).toMatchObject({ learned: 23 });
    await expect.poll(async () => (await labels().get({ id })).state.disagreeing).toBeGreaterThan(0);
    const suspects = (await labels().page({ id, filter: {}, order: 'suspect' })).records;
    expect(
      suspects
        .slice(0, 2)
        .map(({ number }) => number)
        .sort(),
    ).toEqual([21, 23]);
    const disagreeing = (await labels().page({ id, filter: { disagreeing: true } })).records;
    expect(disagreeing.map(({ number }) => number)).toEqual([21, 23]);
  });

  test('similar records are found by features', async () => {
    const { by, records } = await labels().similar({ id, number: 1, limit: 10 });
    expect(by).toBe('features');
    expect(records).toHaveLength(10);
    for (const { number } of records) expect(rows[number - 1]?.label).toBe('light');
    expect(records[0]?.similarity).toBeGreaterThan(records[9]?.similarity ?? 1);
  });

  test('stopping takes the suggestions away; without a probe similar records are found by their texts', async () => {
    await labels().stopHelp({ id });
    const { state } = await labels().get({ id });
    expect(state).toMatchObject({ help: null, bySuggestion: [], disagreeing: 0 });
    expect(await pending('margin')).toEqual([]);
    const { by, records } = await labels().similar({ id, number: 1, limit: 5 });
    expect(by).toBe('pieces');
    for (const { number } of records) expect(rows[number - 1]?.label).toBe('light');
  });

  test('features that were deleted are made again', async () => {
    await labels().startHelp({ id, source: { kind: 'probe', modelId } });
    await labels().stopHelp({ id });
    await host.close();
    await rm(path.join(folder.path, 'home', 'features'), { recursive: true });
    host = await openTestHost({ folder: folder.path });
    expect(await labels().startHelp({ id, source: { kind: 'probe', modelId } })).toMatchObject({
      phase: 'ready',
      learned: 23,
    });
    // Also while suggestions go on, and by themselves.
    await host.close();
    await rm(path.join(folder.path, 'home', 'features'), { recursive: true });
    host = await openTestHost({ folder: folder.path });
    await labelRows(id, range(31, 36));
    await expect.poll(help).toMatchObject({ phase: 'ready', learned: 29 });
  });

  test('a labelling whose model was removed still opens, and says what is missing', async () => {
    await host.close();
    host = await openTestHost({ folder: folder.path });
    await host.client.models.remove({ id: modelId });
    const { state } = await labels().get({ id });
    expect(state.help).toMatchObject({ phase: 'failed', problems: [{ code: 'common.notFound' }] });
    await labels().remove({ id });
    expect(await codesOfCall(labels().get({ id }))).toEqual(['common.notFound']);
  });
});

describe('a trained run', () => {
  test('suggests its labels, and only where they are known', async () => {
    const config = await classificationConfig(host.client, folder.path);
    const run = await host.client.runs.start(config);
    await eventsUntil(host.client, run.id, 'finished');
    const source = { kind: 'run' as const, runId: run.id };
    const { id } = await labels().open({
      datasetId: await openRows('run'),
      task: 'single',
      existing: 'nothing',
    });
    const started = await labels().startHelp({ id, source });
    expect(started).toMatchObject({ phase: 'ready', records: 60, learned: null, name: run.name });
    const { records } = await labels().page({ id, order: 'score', limit: 200 });
    expect(records).toHaveLength(60);
    for (const { suggestion } of records) {
      expect(suggestion).toMatchObject({ kind: 'labels' });
    }
    const accepted = await labels().act({
      id,
      action: { kind: 'accept', target: { filter: { suggestion: 'music' } } },
    });
    expect(accepted.changed).toBe(
      records.filter(({ suggestion }) => suggestion?.kind === 'labels' && suggestion.labels[0] === 'music')
        .length,
    );

    const other = await labels().open({
      datasetId: await openRows('other'),
      task: 'single',
      labels: ['x', 'y'],
      existing: 'nothing',
    });
    expect(await codesOfCall(labels().startHelp({ id: other.id, source }))).toEqual(['labels.helpLabels']);
    expect((await labels().get({ id: other.id })).state.help).toBeNull();
    const many = await labels().open({ datasetId: await openRows('many'), task: 'multi' });
    expect(await codesOfCall(labels().startHelp({ id: many.id, source }))).toEqual(['labels.helpRunTask']);
  });
});

describe('rules', () => {
  test('an expression that would take for ever is given up, and nothing is left behind', async () => {
    const file = path.join(folder.path, 'hostile.csv');
    await writeFile(file, `text,category\n${'a'.repeat(60)}!,x\nfine,y`);
    const dataset = await host.client.datasets.import({
      files: [{ path: file, split: 'train' }],
      mapping: { roles: { text: 'text', label: 'category' } },
    });
    const { id } = await labels().open({ datasetId: dataset.id, task: 'single', existing: 'nothing' });
    const rules = [{ label: 'x', form: 'expression' as const, pattern: '(a+)+$' }];
    expect(await codesOfCall(labels().tryRules({ id, rules }))).toEqual(['labels.slowExpression']);
    expect(await codesOfCall(labels().act({ id, action: { kind: 'suggest', rules } }))).toEqual([
      'labels.slowExpression',
    ]);
    expect(await labels().history({ id })).toEqual([]);
  });
});

describe('labels', () => {
  test('one is renamed and merged into another as one action that can be undone', async () => {
    const { id } = await labels().open({ datasetId: await openRows('rename'), task: 'single' });
    const merged = await labels().act({ id, action: { kind: 'rename', from: 'music', to: 'light' } });
    expect(merged).toMatchObject({ changed: 30, labels: [{ name: 'light' }] });
    expect(merged.state.byLabel).toEqual([{ name: 'light', count: 60 }]);
    const undone = await labels().undo({ id });
    expect(undone.labels?.map(({ name }) => name).sort()).toEqual(['light', 'music']);
    const renamed = await labels().act({ id, action: { kind: 'rename', from: 'music', to: '음악' } });
    expect(renamed.labels?.map(({ name }) => name)).toContain('음악');
    expect(
      await codesOfCall(labels().act({ id, action: { kind: 'rename', from: 'music', to: 'x' } })),
    ).toEqual(['labels.unknownLabel']);
  });

  test('filters are kept for every labelling of the dataset', async () => {
    const datasetId = await openRows('filters');
    const { id } = await labels().open({ datasetId, task: 'single' });
    const saved = { name: '긴 글', filter: { minimumLength: 20 }, order: 'longest' as const };
    await labels().saveFilter({ id, ...saved });
    const second = await labels().open({ datasetId, task: 'multi' });
    expect(await labels().filters({ id: second.id })).toEqual([saved]);
    expect(await labels().removeFilter({ id: second.id, name: saved.name })).toEqual([]);
  });
});

describe('rounds', () => {
  test('their agreement is measured, and what they differ on is decided in a labelling of its own', async () => {
    const datasetId = await openRows('rounds');
    const rounds = await Promise.all(
      ['first', 'second', 'third'].map((name) =>
        labels().open({ datasetId, task: 'single', existing: 'nothing', name }),
      ),
    );
    const ids = rounds.map(({ id }) => id);
    for (const id of ids) await labelRows(id, range(1, 20));
    // The third person takes two of the lights for music, and has not seen the last two.
    const [, , third = ''] = ids;
    await labels().act({
      id: third,
      action: { kind: 'label', target: { numbers: [1, 3] }, answer: answer('music') },
    });
    await labels().act({ id: third, action: { kind: 'clear', target: { numbers: [19, 20] } } });
    const agreement = await labels().agreement({ ids });
    expect(agreement).toMatchObject({ records: 18, disagreements: 2, raw: 16 / 18 });
    expect(agreement.pairs.map(({ records, raw }) => [records, raw])).toEqual([
      [20, 1],
      [18, 16 / 18],
      [18, 16 / 18],
    ]);
    expect(agreement.pairs[0]?.cohen).toBe(1);
    expect(agreement.fleiss).toBeCloseTo(0.8508, 3);
    expect(agreement.krippendorff).toBeGreaterThan(0.8);

    const decided = await labels().adjudicate({ ids, name: 'Decided' });
    expect(decided).toMatchObject({
      records: 60,
      byStatus: { labelled: 18, draft: 2, pending: 40 },
      rounds: [{ name: 'first' }, { name: 'second' }, { name: 'third' }],
    });
    const open = await labels().page({
      id: decided.id,
      filter: { statuses: ['draft'] },
    });
    expect(open.records.map(({ number }) => number)).toEqual([1, 3]);
    expect(await labels().votes({ id: decided.id, numbers: [1] })).toEqual([
      {
        number: 1,
        votes: [
          { round: 'first', answer: answer('light') },
          { round: 'second', answer: answer('light') },
          { round: 'third', answer: answer('music') },
        ],
      },
    ]);
    await labels().act({ id: decided.id, action: { kind: 'accept', target: { numbers: [1, 3] } } });
    const version = await labels().publish({ id: decided.id, name: 'Decided' });
    expect(version).toMatchObject({ rows: 20, lineage: datasetId });
    expect((await host.client.datasets.versions({ id: datasetId })).map(({ id }) => id)).toEqual([
      datasetId,
      version.id,
    ]);

    const other = await labels().open({ datasetId: await openRows('elsewhere'), task: 'single' });
    expect(await codesOfCall(labels().agreement({ ids: [ids[0] ?? '', other.id] }))).toEqual([
      'labels.otherRows',
    ]);
  });
});

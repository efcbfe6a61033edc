import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { missingRoles } from '../../src-main/contract/methods.ts';
import { type TestHost, codesOfCall, makeTestFolder, openTestHost } from './testHost.ts';

describe('labelling over the contract', () => {
  let folder: Awaited<ReturnType<typeof makeTestFolder>>;
  let host: TestHost;
  const labels = () => host.client.labels;

  async function importRows(name: string, rows: readonly string[]): Promise<string> {
    const file = path.join(folder.path, `${name}.csv`);
    await writeFile(file, ['text,category,answer', ...rows].join('\n'));
    const dataset = await host.client.datasets.import({
      files: [{ path: file, split: 'train' }],
      mapping: { roles: { text: 'text', label: 'category' } },
    });
    return dataset.id;
  }
  const rows = Array.from(
    { length: 12 },
    (_, index) => `문장 ${index} 환불,${index % 2 ? 'b' : 'a'},reply ${index}`,
  );
  const answer = (label: string) => ({ kind: 'labels' as const, labels: [label] });
  const numbers = (...list: number[]) => ({ numbers: list });

  beforeAll(async () => {
    folder = await makeTestFolder();
    host = await openTestHost({ folder: folder.path });
  });
  afterAll(async () => {
    await host.close();
    await folder.remove();
  });

  test('a dataset is opened, labelled, undone, and published as a version to train on', async () => {
    const datasetId = await importRows('flow', rows);
    const opened = await labels().open({ datasetId, task: 'single', existing: 'suggestions' });
    expect(opened).toMatchObject({
      records: 12,
      byStatus: { pending: 12, labelled: 0 },
      columns: { content: ['text'], answer: 'category' },
      labels: [
        { name: 'a', key: 'Digit1' },
        { name: 'b', key: 'Digit2' },
      ],
    });
    const { id } = opened;
    expect(await codesOfCall(labels().publish({ id }))).toEqual(['labels.nothingToPublish']);

    await labels().act({ id, action: { kind: 'label', target: numbers(1, 2), answer: answer('b') } });
    const accepted = await labels().act({
      id,
      action: { kind: 'accept', target: { filter: { suggestion: 'b' } } },
    });
    // Record 2 already has the label that was suggested for it.
    expect(accepted.changed).toBe(5);
    await labels().act({ id, action: { kind: 'discard', target: numbers(3) } });
    await labels().act({ id, action: { kind: 'split', target: numbers(1), split: 'test' } });
    await labels().act({ id, action: { kind: 'edit', number: 1, fields: { text: '고친 문장' } } });
    const wrong = await labels().act({ id, action: { kind: 'delete', target: numbers(1) } });
    expect(wrong.state.byStatus).toMatchObject({ pending: 4, labelled: 6, discarded: 1 });
    const undone = await labels().undo({ id });
    expect(undone).toMatchObject({
      changed: 1,
      records: [{ number: 1, deleted: false, fields: { text: '고친 문장' } }],
    });
    expect(undone.state.redo).toBe(wrong.sequence);

    const version = await labels().publish({ id, name: 'Version 1' });
    expect(version).toMatchObject({
      name: 'Version 1',
      source: 'labelling',
      rows: 7,
      rowsBySplit: { train: 6, test: 1 },
      labels: [{ label: 'b', count: 7 }],
    });
    const { rows: published } = await host.client.datasets.rows({
      id: version.id,
      filter: { splits: ['test'] },
    });
    expect(published).toMatchObject([{ fields: { text: '고친 문장', category: 'b', answer: 'reply 0' } }]);
    // The dataset it came from stays as it was.
    expect((await host.client.datasets.get({ id: datasetId })).labels).toMatchObject([
      { count: 6 },
      { count: 6 },
    ]);
    const again = await labels().publish({ id, name: 'Version 1' });
    expect(again.versionHash).toBe(version.versionHash);
  });

  test('everything is there again after the host was closed, and can still be undone', async () => {
    const datasetId = await importRows('restart', rows);
    const { id } = await labels().open({ datasetId, task: 'multi' });
    const before = await labels().get({ id });
    expect(before.byStatus).toMatchObject({ labelled: 12 });
    await labels().act({
      id,
      action: { kind: 'label', target: numbers(4), answer: { kind: 'labels', labels: ['a', 'b'] } },
    });
    await labels().act({ id, action: { kind: 'note', target: numbers(4), note: '다시 볼 것' } });
    const [last, first] = await labels().history({ id });
    await host.close();
    host = await openTestHost({ folder: folder.path });
    expect(await labels().history({ id })).toEqual([last, first]);
    expect(await labels().record({ id, number: 4 })).toMatchObject({
      note: '다시 볼 것',
      answer: { labels: ['a', 'b'] },
    });
    await labels().revert({ id, sequence: 0 });
    const after = await labels().get({ id });
    expect(after.state.byLabel).toEqual(before.state.byLabel);
    expect(after.state.noted).toBe(0);
    expect((await labels().revert({ id, sequence: last?.sequence ?? 0 })).state.noted).toBe(1);
  });

  test('what a task cannot take is refused with the reason, and leaves nothing behind', async () => {
    const datasetId = await importRows('refused', rows);
    const { id } = await labels().open({ datasetId, task: 'single', existing: 'nothing' });
    const label = (given: Parameters<typeof host.client.labels.act>[0]['action']) =>
      codesOfCall(labels().act({ id, action: given }));
    const target = numbers(1);
    expect(await label({ kind: 'label', target, answer: answer('c') })).toEqual(['labels.unknownLabel']);
    expect(await label({ kind: 'label', target, answer: { kind: 'labels', labels: ['a', 'b'] } })).toEqual([
      'labels.wrongAnswer',
    ]);
    expect(await label({ kind: 'label', target, answer: { kind: 'text', text: 'x' } })).toEqual([
      'labels.wrongAnswer',
    ]);
    expect(await codesOfCall(labels().record({ id, number: 99 }))).toEqual(['common.notFound']);
    expect(await codesOfCall(labels().open({ datasetId, task: 'preference' }))).toEqual([
      'labels.needsColumns',
    ]);
    expect(
      await codesOfCall(labels().open({ datasetId, task: 'single', columns: { content: ['none'] } })),
    ).toEqual(['labels.unknownColumn']);
    expect(await labels().history({ id })).toEqual([]);
    expect((await labels().act({ id, action: { kind: 'clear', target } })).sequence).toBeNull();
  });

  test('labels and keys: every problem at once, none that would lose an answer', async () => {
    const datasetId = await importRows('keys', rows);
    const { id } = await labels().open({ datasetId, task: 'single' });
    const problems = codesOfCall(
      labels().saveLabels({
        id,
        labels: [
          { name: 'a', key: 'KeyZ' },
          { name: 'c', key: 'KeyQ' },
          { name: 'd', key: 'KeyQ' },
        ],
      }),
    );
    expect(await problems).toEqual(['labels.keyTaken', 'labels.keyTaken', 'labels.labelInUse']);
    const saved = await labels().saveLabels({
      id,
      labels: [
        { name: 'a', key: 'KeyQ' },
        { name: 'b', key: 'Digit2' },
        { name: '기타', key: null },
      ],
    });
    expect(saved.labels.map(({ key }) => key)).toEqual(['KeyQ', 'Digit2', null]);
    await labels().act({ id, action: { kind: 'label', target: numbers(1), answer: answer('기타') } });
  });

  test.each(['answers', 'suggestions', 'nothing'] as const)(
    'rows that have spans bring them along as %s',
    async (existing) => {
      const file = path.join(folder.path, `spans-${existing}.jsonl`);
      const texts = [
        { text: '서울 날씨', spans: [{ start: 0, end: 2, label: 'PLACE' }] },
        { text: 'nothing here', spans: [] },
        {
          text: 'Mina in Busan',
          spans: [
            { start: 8, end: 13, label: 'PLACE' },
            { start: 0, end: 4, label: 'NAME' },
          ],
        },
      ];
      await writeFile(file, texts.map((row) => JSON.stringify(row)).join('\n'));
      const dataset = await host.client.datasets.import({
        files: [{ path: file, split: 'train' }],
        mapping: { roles: { text: 'text', spans: 'spans' } },
      });
      const opened = await labels().open({ datasetId: dataset.id, task: 'spans', existing });
      expect(opened.labels.map(({ name }) => name)).toEqual(['PLACE', 'NAME']);
      const { records } = await labels().page({ id: opened.id });
      const found = records.map(({ answer: own, suggestion }) => own ?? suggestion);
      const wanted = [
        { kind: 'spans', spans: texts[0]?.spans },
        null,
        { kind: 'spans', spans: texts[2]?.spans.toReversed() },
      ];
      expect(found).toEqual(existing === 'nothing' ? [null, null, null] : wanted);
      expect(records.map(({ status }) => status)).toEqual(
        existing === 'answers' ? ['labelled', 'pending', 'labelled'] : ['pending', 'pending', 'pending'],
      );
    },
  );

  test('several labels in one cell of a table are several when it is opened', async () => {
    const datasetId = await importRows('cells', ['one,"b, a",x', 'two,b,y']);
    const opened = await labels().open({ datasetId, task: 'multi', existing: 'answers' });
    expect(opened.labels.map(({ name }) => name)).toEqual(['b', 'a']);
    const { records } = await labels().page({ id: opened.id });
    expect(records.map(({ answer: own }) => own)).toEqual([
      { kind: 'labels', labels: ['b', 'a'] },
      { kind: 'labels', labels: ['b'] },
    ]);
  });

  const taught = {
    preference: 'preference',
    rating: 'regression',
    correction: 'causalLm',
    multi: 'multiLabel',
    spans: 'tokenClassification',
  };
  test.each([
    [
      'preference',
      { first: 'category', second: 'answer' },
      answer('second'),
      { chosen: 'reply 0', rejected: 'a' },
    ],
    ['rating', {}, answer('4'), { label: '4' }],
    ['correction', { answer: 'answer' }, { kind: 'text' as const, text: '고친 답' }, { answer: '고친 답' }],
    ['multi', { answer: 'labels' }, { kind: 'labels' as const, labels: ['b', 'a'] }, { labels: '["a","b"]' }],
    [
      'spans',
      {},
      { kind: 'spans' as const, spans: [{ start: 0, end: 2, label: 'a' }] },
      { spans: '[{"start":0,"end":2,"label":"a"}]' },
    ],
  ] as const)('%s is published in its own columns', async (task, columns, given, expected) => {
    const datasetId = await importRows(task, rows);
    const { id } = await labels().open({
      datasetId,
      task,
      columns: task === 'rating' ? { answer: 'label' } : columns,
      labels: ['a', 'b'],
      existing: 'nothing',
    });
    const labelled = given.kind === 'labels' ? { ...given, labels: [...given.labels] } : given;
    const plain = labelled.kind === 'spans' ? { ...labelled, spans: [...labelled.spans] } : labelled;
    await labels().act({ id, action: { kind: 'label', target: numbers(1), answer: plain } });
    const version = await labels().publish({ id });
    const { rows: published } = await host.client.datasets.rows({ id: version.id });
    expect(published).toHaveLength(1);
    expect(published[0]?.fields).toMatchObject(expected);
    for (const column of Object.keys(expected)) expect(version.columns).toContain(column);
    // What was labelled can be trained on.
    const objective = (await host.client.methods.list({})).objectives.find(
      ({ id: own }) => own === taught[task],
    );
    if (!objective) expect.fail();
    expect(missingRoles(objective, version.mapping.roles)).toEqual([]);
  });

  test('labels may stand in any column; the version plays the parts that training needs', async () => {
    const file = path.join(folder.path, 'chat.csv');
    await writeFile(file, 'Q,A,feeling\n질문 1,답 1,기쁨\n질문 2,답 2,슬픔\n질문 3,답 3,기쁨');
    const dataset = await host.client.datasets.import({
      files: [{ path: file, split: 'train' }],
      mapping: { roles: { prompt: 'Q', completion: 'A' } },
    });
    const opened = await labels().open({
      datasetId: dataset.id,
      task: 'single',
      columns: { content: ['Q'], answer: 'feeling' },
    });
    expect(opened.labels.map(({ name }) => name)).toEqual(['기쁨', '슬픔']);
    expect(opened.byStatus).toMatchObject({ labelled: 3, pending: 0 });
    const version = await labels().publish({ id: opened.id });
    expect(version.mapping.roles).toMatchObject({ text: 'Q', label: 'feeling' });
    expect(version.versionHash).toBe(dataset.versionHash);
  });

  test('rules say what they cover, where they clash and how often they are right, then become suggestions', async () => {
    const datasetId = await importRows('rules', rows);
    const { id } = await labels().open({ datasetId, task: 'single' });
    const rules = [
      { label: 'a', form: 'expression' as const, pattern: '문장 [0-4] ' },
      { label: 'b', form: 'keyword' as const, pattern: '문장 1' },
    ];
    expect(await labels().tryRules({ id, rules })).toEqual({
      records: 12,
      covered: 7,
      conflicting: 1,
      rules: [
        { covered: 5, conflicting: 1, labelled: 5, right: 3 },
        { covered: 3, conflicting: 1, labelled: 3, right: 2 },
      ],
    });
    const result = await labels().act({ id, action: { kind: 'suggest', rules } });
    expect(result.changed).toBe(6);
    expect(result.state.bySuggestion).toEqual([
      { name: 'a', count: 4 },
      { name: 'b', count: 2 },
    ]);
    const bad = [{ label: 'a', form: 'expression' as const, pattern: '(' }];
    expect(await codesOfCall(labels().tryRules({ id, rules: bad }))).toEqual(['labels.badExpression']);
  });

  test('rows of another dataset are put behind the last record, and taken away again', async () => {
    const { id } = await labels().open({ datasetId: await importRows('first', rows), task: 'single' });
    const more = await importRows('more', ['새 문장,a,x', '다른 문장,b,y']);
    const added = await labels().act({ id, action: { kind: 'add', datasetId: more } });
    expect(added).toMatchObject({ changed: 2, state: { byStatus: { pending: 2, labelled: 12 } } });
    expect((await labels().page({ id, filter: { text: '새 문' } })).records).toMatchObject([{ number: 13 }]);
    expect((await labels().undo({ id })).state.byStatus).toMatchObject({ pending: 0, labelled: 12 });
    await labels().remove({ id });
    expect(await codesOfCall(labels().get({ id }))).toEqual(['common.notFound']);
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { textFields, textOf } from '../../src-main/contract/datasets.ts';
import {
  type RecordFilter,
  type RecordOrder,
  type RecordStatus,
  labelsOf,
} from '../../src-main/contract/labels.ts';
import type { RecordValues, Store, StoredRecord } from '../../src-main/store/types.ts';
import { exampleLabelRecords, exampleLabelling, fillLabelling } from './fixtures/labelling.ts';
import { temporaryStore } from './temporaryStore.ts';

const actor = { author: 'tester', at: '2026-01-01T00:00:00.000Z' };
const label = (name: string) => ({ kind: 'labels' as const, labels: [name] });

function act(store: Store, id: string, numbers: number[], values: Partial<RecordValues>) {
  return store.labels.act(id, { ...actor, kind: 'label', value: null }, numbers, () => values);
}

/** The numbers of every page, read to the end. */
function readAll(store: Store, id: string, filter: RecordFilter, order: RecordOrder, limit = 3): number[] {
  const numbers: number[] = [];
  for (let after: { value: number; number: number } | undefined; ;) {
    const page = store.labels.page(id, { filter, order, limit, ...(after === undefined ? {} : { after }) });
    numbers.push(...page.records.map(({ number }) => number));
    after = page.records.at(-1)?.cursor;
    if (!page.more) return numbers;
  }
}

const textOfRecord = (record: StoredRecord) => textOf(record.fields['text']);

const disagrees = ({ answer, suggestion }: StoredRecord) =>
  answer !== null && suggestion !== null && JSON.stringify(answer) !== JSON.stringify(suggestion);

/** What a filter means, said as plainly as possible. */
function matches(record: StoredRecord, filter: RecordFilter): boolean {
  const length = textOfRecord(record).length;
  const checks: boolean[] = [
    !record.deleted,
    filter.statuses === undefined || filter.statuses.includes(record.status),
    filter.text === undefined || textOfRecord(record).toLowerCase().includes(filter.text.toLowerCase()),
    filter.labels === undefined || labelsOf(record.answer).some((name) => filter.labels?.includes(name)),
    filter.suggestion === undefined || labelsOf(record.suggestion).includes(filter.suggestion),
    filter.splits === undefined || filter.splits.includes(record.split),
    filter.flagged === undefined || record.flagged === filter.flagged,
    filter.noted === undefined || (record.note !== null) === filter.noted,
    filter.disagreeing === undefined || disagrees(record) === filter.disagreeing,
    filter.minimumLength === undefined || length >= filter.minimumLength,
    filter.maximumLength === undefined || length <= filter.maximumLength,
  ];
  return checks.every(Boolean);
}

const statuses: RecordStatus[] = ['pending', 'draft', 'labelled', 'discarded'];
const values: fc.Arbitrary<Partial<RecordValues>> = fc.oneof(
  fc.constantFrom('refund', 'parcel').map((name) => ({ status: 'labelled' as const, answer: label(name) })),
  fc.constantFrom(...statuses).map((status) => ({ status })),
  fc.boolean().map((flagged) => ({ flagged })),
  fc.constantFrom(null, '메모', 'note').map((note) => ({ note })),
  fc.constantFrom('train' as const, 'test' as const).map((split) => ({ split })),
  fc.constantFrom('환불 요청', 'changed text').map((text) => ({ fields: { text, order: 0 } })),
  fc.constant({ deleted: true }),
);
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      numbers: fc.uniqueArray(fc.integer({ min: 1, max: 20 }), { minLength: 1 }),
      values,
    }),
  },
  { weight: 3, arbitrary: fc.constantFrom('undo' as const, 'redo' as const) },
  { weight: 1, arbitrary: fc.record({ revertTo: fc.nat(8) }) },
);
const filter: fc.Arbitrary<RecordFilter> = fc.record(
  {
    statuses: fc.uniqueArray(fc.constantFrom(...statuses), { minLength: 1 }),
    text: fc.constantFrom('환불', '환', 'parcel', 'is my', '?', '불해', 'nowhere'),
    labels: fc.uniqueArray(fc.constantFrom('refund', 'parcel', 'none'), { minLength: 1 }),
    suggestion: fc.constant('refund'),
    splits: fc.uniqueArray(fc.constantFrom('train' as const, 'test' as const), { minLength: 1 }),
    flagged: fc.boolean(),
    noted: fc.boolean(),
    disagreeing: fc.boolean(),
    minimumLength: fc.integer({ min: 1, max: 20 }),
    maximumLength: fc.integer({ min: 5, max: 30 }),
  },
  { requiredKeys: [] },
);

test('any actions, undone, redone and reverted, leave what a plain list of snapshots says', () => {
  const store = temporaryStore();
  let round = 0;
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 12 }),
      fc.array(filter, { minLength: 3, maxLength: 3 }),
      (steps, filters) => {
        const id = fillLabelling(store, 20, `labelling-${round++}`);
        const read = () => [...store.labels.allRecords(id)];
        // What is there after each action that can still be undone or redone, and which of them is now.
        let snapshots = [read()];
        let sequences: number[] = [0];
        let now = 0;
        for (const next of steps) {
          if (next === 'undo') {
            const { sequence } = store.labels.undo(id, actor);
            expect(sequence === null).toBe(now === 0);
            now = Math.max(0, now - 1);
          } else if (next === 'redo') {
            const { sequence } = store.labels.redo(id, actor);
            expect(sequence === null).toBe(now === snapshots.length - 1);
            now = Math.min(snapshots.length - 1, now + 1);
          } else if ('revertTo' in next) {
            now = Math.min(next.revertTo, snapshots.length - 1);
            store.labels.revert(id, sequences[now] ?? 0, actor);
          } else {
            const { sequence, changed } = act(store, id, next.numbers, next.values);
            expect(sequence === null).toBe(changed === 0);
            if (sequence !== null) {
              snapshots = [...snapshots.slice(0, now + 1), read()];
              sequences = [...sequences.slice(0, now + 1), sequence];
              now++;
            }
          }
          expect(read()).toEqual(snapshots[now]);
        }

        const records = read();
        const state = store.labels.state(id);
        for (const status of statuses) {
          expect(state.byStatus[status]).toBe(records.filter((record) => record.status === status).length);
        }
        for (const name of ['refund', 'parcel']) {
          const count = state.byLabel.find((entry) => entry.name === name)?.count ?? 0;
          expect(count).toBe(records.filter(({ answer }) => labelsOf(answer).includes(name)).length);
        }
        expect(state.flagged).toBe(records.filter(({ flagged }) => flagged).length);
        expect(state.disagreeing).toBe(records.filter(disagrees).length);
        expect(state.noted).toBe(records.filter(({ note }) => note !== null).length);
        for (const wanted of filters) {
          const expected = records.filter((record) => matches(record, wanted)).map(({ number }) => number);
          expect(readAll(store, id, wanted, 'number')).toEqual(expected);
          expect(store.labels.matching(id, wanted)).toEqual(expected);
          expect(store.labels.count(id, wanted, 1000)).toBe(expected.length);
          for (const order of ['random', 'shortest', 'longest'] as const) {
            expect(readAll(store, id, wanted, order).sort((left, right) => left - right)).toEqual(expected);
          }
        }
      },
    ),
    { numRuns: 40 },
  );
});

describe('orders', () => {
  test('lengths rise or fall, ties by number', () => {
    const store = temporaryStore();
    const id = fillLabelling(store, 30);
    const lengths = (order: RecordOrder) =>
      readAll(store, id, {}, order).map(
        (number) => textOf(store.labels.record(id, number)?.fields['text']).length,
      );
    const rising = lengths('shortest');
    expect(rising).toEqual([...rising].sort((left, right) => left - right));
    expect(lengths('longest')).toEqual([...rising].reverse());
  });

  test('random is the same for the same seed and another for another', () => {
    const store = temporaryStore();
    for (const [id, seed] of [
      ['a', 1],
      ['b', 1],
      ['c', 2],
    ] as const) {
      const writer = store.labels.start({ ...exampleLabelling, id, seed });
      writer.append(exampleLabelRecords(40));
      writer.finish();
    }
    const [a, b, c] = ['a', 'b', 'c'].map((id) => readAll(store, id, {}, 'random'));
    expect(a).toEqual(b);
    expect(a).not.toEqual(c);
    expect(a).not.toEqual(readAll(store, 'a', {}, 'number'));
  });

  test('the least sure suggestion comes first; records without a score are left out', () => {
    const store = temporaryStore();
    const id = fillLabelling(store, 10);
    for (const [number, score] of [
      [3, 0.9],
      [5, 0.2],
      [8, 0.5],
    ] as const)
      act(store, id, [number], { score });
    expect(readAll(store, id, {}, 'score')).toEqual([5, 8, 3]);
    expect(readAll(store, id, { minimumScore: 0.4 }, 'score')).toEqual([8, 3]);
  });

  test('a cursor holds its place although records before it leave the queue', () => {
    const store = temporaryStore();
    const id = fillLabelling(store, 12);
    for (const order of ['number', 'random', 'shortest', 'longest'] as const) {
      const queue = { filter: { statuses: ['pending' as const] }, order, limit: 2 };
      const first = store.labels.page(id, queue);
      const expected = store.labels.page(id, { ...queue, limit: 4 }).records.slice(2);
      act(
        store,
        id,
        first.records.map(({ number }) => number),
        { status: 'labelled', answer: label('refund') },
      );
      const after = first.records.at(-1)?.cursor;
      if (after === undefined) throw new Error('the page is empty');
      expect(store.labels.page(id, { ...queue, after }).records.map(({ number }) => number)).toEqual(
        expected.map(({ number }) => number),
      );
      store.labels.undo(id, actor);
    }
  });
});

describe('what a model says', () => {
  const opinion = (number: number, name: string, score: number) => ({
    number,
    suggestion: label(name),
    score,
    margin: score / 2,
    entropy: 1 - score,
    place: 10 - number,
  });

  test('queues are ordered and filtered by it, and it is no entry of the history', () => {
    const store = temporaryStore();
    const id = fillLabelling(store, 9);
    store.labels.saveOpinions(id, [
      opinion(2, 'parcel', 0.9),
      opinion(3, 'refund', 0.2),
      opinion(5, 'parcel', 0.5),
    ]);
    expect(readAll(store, id, {}, 'score')).toEqual([3, 5, 2]);
    expect(readAll(store, id, {}, 'margin')).toEqual([3, 5, 2]);
    expect(readAll(store, id, {}, 'entropy', 1)).toEqual([3, 5, 2]);
    expect(readAll(store, id, {}, 'diversity')).toEqual([5, 3, 2]);
    expect(readAll(store, id, { suggestion: 'parcel' }, 'number')).toEqual([2, 5]);
    expect(store.labels.state(id)).toMatchObject({
      undo: null,
      sequence: 0,
      bySuggestion: [
        { name: 'refund', count: 4 },
        { name: 'parcel', count: 2 },
      ],
    });
    expect(store.labels.withOpinion(id, 10)).toEqual([2, 3, 5]);
    act(store, id, [2], { status: 'labelled', answer: label('refund') });
    store.labels.saveOpinions(id, [{ number: 2, belief: 0.1 }]);
    expect(readAll(store, id, {}, 'suspect')).toEqual([2]);
    expect(readAll(store, id, { disagreeing: true }, 'number')).toEqual([2]);
  });

  test('what the dataset or rules suggest stays', () => {
    const store = temporaryStore();
    const id = fillLabelling(store, 4);
    store.labels.saveOpinions(id, [opinion(1, 'parcel', 0.9)]);
    expect(store.labels.record(id, 1)).toMatchObject({ suggestion: label('refund'), score: null });
    expect(readAll(store, id, {}, 'margin')).toEqual([1]);
  });

  test('features are forgotten with the text they were made of', () => {
    const store = temporaryStore();
    const id = fillLabelling(store, 3);
    store.labels.saveFeatures(
      id,
      [1, 2, 3].map((number) => ({ number, feature: `f${number}` })),
    );
    act(store, id, [2], { fields: { text: 'another', order: 1 } });
    act(store, id, [3], { deleted: true });
    expect(store.labels.features(id)).toMatchObject([{ number: 1, feature: 'f1', status: 'pending' }]);
    expect(store.labels.withoutFeature(id, 'pending', 9).map(({ number }) => number)).toEqual([2]);
  });
});

test('a label renamed is renamed in the list too, and undo and redo bring both back', () => {
  const store = temporaryStore();
  const id = fillLabelling(store, 4);
  const names = () => store.labels.get(id)?.labels.map(({ name, key }) => `${key}=${name}`);
  act(store, id, [1, 2], { status: 'labelled', answer: label('refund') });
  const before = store.labels.get(id)?.labels ?? [];
  const after = before.map((choice) => (choice.name === 'refund' ? { ...choice, name: 'money' } : choice));
  store.labels.act(
    id,
    { ...actor, kind: 'rename', value: 'refund → money', labels: { before, after } },
    [1, 2],
    () => ({ answer: label('money') }),
  );
  expect(names()).toEqual(['Digit1=money', 'Digit2=parcel']);
  store.labels.saveLabels(id, [...after, { name: 'new', key: 'Digit3' }]);
  expect(store.labels.undo(id, actor)).toMatchObject({ changed: 2, labels: [{ name: 'refund' }, {}, {}] });
  expect(names()).toEqual(['Digit1=refund', 'Digit2=parcel', 'Digit3=new']);
  expect(store.labels.matching(id, { labels: ['refund'] })).toEqual([1, 2]);
  store.labels.redo(id, actor);
  expect(names()).toEqual(['Digit1=money', 'Digit2=parcel', 'Digit3=new']);
  expect(store.labels.matching(id, { labels: ['money'] })).toEqual([1, 2]);
});

test('filters are kept by dataset and name', () => {
  const store = temporaryStore();
  const hard = { name: 'hard', filter: { minimumLength: 20 }, order: 'margin' as const };
  store.labels.saveFilter('a', hard);
  store.labels.saveFilter('a', { ...hard, filter: { flagged: true } });
  store.labels.saveFilter('b', hard);
  expect(store.labels.filters('a')).toEqual([{ ...hard, filter: { flagged: true } }]);
  store.labels.removeFilter('a', 'hard');
  expect(store.labels.filters('a')).toEqual([]);
  expect(store.labels.filters('b')).toEqual([hard]);
});

test('records of another labelling are never found, counted or changed', () => {
  const store = temporaryStore();
  const first = fillLabelling(store, 10, 'first');
  const second = fillLabelling(store, 10, 'second');
  const third = fillLabelling(store, 10, 'third');
  act(store, second, [1, 2, 3], { flagged: true, note: 'x', status: 'labelled', answer: label('refund') });
  for (const id of [first, third]) {
    expect(store.labels.count(id, { flagged: true }, 10)).toBe(0);
    expect(store.labels.count(id, { labels: ['refund'] }, 10)).toBe(0);
    expect(store.labels.count(id, { text: '환불' }, 100)).toBe(4);
    expect(store.labels.undo(id, actor).sequence).toBeNull();
  }
});

test('added records are one action: undo takes them away, redo brings them back', () => {
  const store = temporaryStore();
  const id = fillLabelling(store, 3);
  store.labels.add(id, { ...actor, kind: 'add', value: 'more' }, exampleLabelRecords(2));
  expect(store.labels.get(id)?.records).toBe(5);
  expect(store.labels.matching(id, { text: '환불' })).toEqual([1, 4]);
  store.labels.undo(id, actor);
  expect(store.labels.get(id)?.records).toBe(3);
  expect(store.labels.matching(id, { text: '환불' })).toEqual([1]);
  store.labels.redo(id, actor);
  expect([...store.labels.allRecords(id)].map(({ number }) => number)).toEqual([1, 2, 3, 4, 5]);
  store.labels.undo(id, actor);
  act(store, id, [1], { flagged: true });
  // Numbers that were given once are never given again, so no old link leads to another record.
  store.labels.add(id, { ...actor, kind: 'add', value: 'more' }, exampleLabelRecords(1));
  expect([...store.labels.allRecords(id)].map(({ number }) => number)).toEqual([1, 2, 3, 6]);
});

test('the history says who did what, and what counts now', () => {
  const store = temporaryStore();
  const id = fillLabelling(store, 5);
  store.labels.act(id, { ...actor, kind: 'label', value: 'refund' }, [2, 3], () => ({
    status: 'labelled',
    answer: label('refund'),
  }));
  store.labels.act(id, { ...actor, kind: 'flag', value: null }, [2], () => ({ flagged: true }));
  store.labels.undo(id, { ...actor, author: 'other' });
  const entries = store.labels.history(id, { limit: 10 });
  expect(entries).toMatchObject([
    {
      kind: 'undo',
      author: 'other',
      records: 1,
      firstNumber: 2,
      value: String(entries[1]?.sequence),
      done: null,
    },
    { kind: 'flag', author: 'tester', records: 1, done: false },
    { kind: 'label', value: 'refund', records: 2, firstNumber: 2, done: true },
  ]);
  expect(store.labels.history(id, { limit: 1, before: entries[0]?.sequence ?? 0 })).toEqual([entries[1]]);
  expect(store.labels.recentLabels(id, 10)).toEqual([{ at: actor.at, records: 2 }]);
});

test('going back counts every record it changes, also those that are not sent along', () => {
  const store = temporaryStore();
  const id = fillLabelling(store, 210);
  const numbers = Array.from({ length: 210 }, (_, index) => index + 1);
  act(store, id, numbers, { flagged: true });
  act(store, id, [3], { flagged: false });
  expect(store.labels.revert(id, 0, actor).changed).toBe(210);
  expect(store.labels.history(id, { limit: 1 })).toMatchObject([{ kind: 'revert', records: 210 }]);
});

test('a labelling that was removed or never finished is cleared away piece by piece', () => {
  const store = temporaryStore();
  const removed = fillLabelling(store, 25, 'removed');
  store.labels.start({ ...exampleLabelling, id: 'unfinished' }).append(exampleLabelRecords(5));
  const kept = fillLabelling(store, 5, 'kept');
  expect(store.labels.remove(removed)).toBe(true);
  expect(store.labels.list().map(({ id }) => id)).toEqual([kept]);
  expect(() => store.labels.state(removed)).toThrow(/no labelling named "removed"/);
  let pieces = 0;
  while (store.labels.purgeSome(10)) pieces++;
  expect(pieces).toBe(4);
  expect(store.labels.matching(kept, { text: '환불' })).toEqual([1, 5]);
  expect(fillLabelling(store, 5, 'removed')).toBe('removed');
  expect(store.labels.matching('removed', { text: '환불' })).toEqual([1, 5]);
});

test('fields keep their kinds; what is shown is text', () => {
  const store = temporaryStore();
  const id = fillLabelling(store, 2);
  expect(store.labels.record(id, 2)?.fields['order']).toBe(1);
  const shown = store.labels.page(id, { filter: {}, order: 'number', limit: 5 }).records[1];
  expect(shown?.fields).toEqual(textFields(exampleLabelRecords(2)[1]?.fields ?? {}));
});

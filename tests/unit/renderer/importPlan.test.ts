import { describe, expect, test } from 'vitest';
import type { ObjectiveSpec } from '../../../src-main/contract/methods.ts';
import { choosableEntries } from '../../../src-renderer/features/files/choosableEntries.ts';
import {
  estimateSplit,
  missingRequiredRoles,
  nameOfFile,
  parseShares,
  rolesForTask,
  suggestTask,
  withHeader,
} from '../../../src-renderer/features/data/importPlan.ts';

const words = { en: 'x', ko: 'x' };
const role = (name: ObjectiveSpec['roles'][number]['role']) => ({ role: name, help: words });
const classification: ObjectiveSpec = {
  id: 'classification',
  name: words,
  summary: words,
  roles: [role('text'), role('textPair'), role('label')],
  head: 'classes',
  needs: [['text', 'label']],
  prediction: 'labels',
  decidingMetric: { name: 'accuracy', better: 'higher' },
  options: {},
};
const causalLm: ObjectiveSpec = {
  ...classification,
  id: 'causalLm',
  roles: [role('prompt'), role('completion')],
  head: 'nextToken',
  needs: [['prompt', 'completion']],
  prediction: 'text',
};

describe('import plan', () => {
  test('the task follows from the columns', () => {
    const objectives = [classification, causalLm];
    expect(suggestTask(objectives, { roles: { prompt: 'q', completion: 'a' } })).toBe('causalLm');
    expect(suggestTask(objectives, { roles: { text: 't', label: 'l' } })).toBe('classification');
    expect(suggestTask(objectives, { roles: {} })).toBe('classification');
  });

  test('roles of another task and columns that are gone are dropped', () => {
    const roles = rolesForTask(classification, { text: 'body', label: 'gone', prompt: 'q' }, ['body', 'q']);
    expect(roles).toEqual({ text: 'body' });
    expect(missingRequiredRoles(classification, roles)).toEqual(['label']);
  });

  test.each([
    ['10', '10', { validationShare: 0.1, testShare: 0.1 }],
    ['0', '0', { validationShare: 0, testShare: 0 }],
    ['50', '45', undefined],
    ['-1', '0', undefined],
    ['ten', '0', undefined],
    ['', '10', undefined],
  ])('shares %s and %s', (validation, test_, expected) => {
    expect(parseShares(validation, test_)).toEqual(expected);
  });

  test('the estimate adds up', () => {
    const { train, validation, test: tested } = estimateSplit(101, { validationShare: 0.1, testShare: 0.2 });
    expect([train, validation, tested]).toEqual([71, 10, 20]);
  });

  test('without a header the columns are numbered, and with one again they are not', () => {
    const preview = { columns: ['hello', 'greeting'] };
    const without = withHeader({ encoding: 'euc-kr' }, preview, false, (number) => `column ${number}`);
    expect(without).toEqual({ encoding: 'euc-kr', columns: ['column 1', 'column 2'] });
    expect(withHeader(without, preview, true, String)).toEqual({ encoding: 'euc-kr' });
  });

  test('a file lends its name on every system', () => {
    expect(nameOfFile('/folder/my.data.csv')).toBe('my.data');
    expect(nameOfFile('C:\\data\\문의.tsv')).toBe('문의');
  });
});

test('the chooser lists folders first and only files that can be chosen', () => {
  const entry = (name: string, kind: 'file' | 'folder') => ({ name, path: `/${name}`, kind, sizeBytes: 1 });
  const entries = [entry('b10.csv', 'file'), entry('b2.CSV', 'file'), entry('z', 'folder'), entry('a.exe', 'file'), entry('.git', 'folder')]; // prettier-ignore
  expect(choosableEntries(entries, 'file', ['.csv']).map(({ name }) => name)).toEqual([
    'z',
    'b2.CSV',
    'b10.csv',
  ]);
  expect(choosableEntries(entries, 'folder').map(({ name }) => name)).toEqual(['z']);
});

import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { listFolder } from '../../../src-main/platform/folderListing.ts';
import { safeFileName } from '../../../src-main/platform/names.ts';
import { isInside, pathBelow, resolveOutsidePath } from '../../../src-main/platform/paths.ts';
import { temporaryFolder } from './temporaryFolder.ts';

const hostileNames = [
  '..',
  '.',
  '',
  '../x',
  '../../etc/passwd',
  'a/../../x',
  'a/..',
  './x',
  'a//b',
  '/etc/passwd',
  '//server/share',
  '\\\\server\\share',
  '..\\x',
  'a\\..\\..\\x',
  'C:\\x',
  'C:x',
  'file:///etc/passwd',
  'x\0.txt',
  'x\n',
  'con',
  'NUL.txt',
  'COM1',
  'x.',
  'x ',
  '...',
  'a:stream',
  '\u{d800}',
  'x'.repeat(300),
  '~/../../x\u007f',
];

describe('a name from outside', () => {
  test.each(hostileNames)('%j leads nowhere', (name) => {
    const root = temporaryFolder();
    expect(() => pathBelow(root, name)).toThrow(/cannot be used as the name/);
    expect(() => safeFileName(name)).toThrow(/cannot be used as the name/);
  });

  test('that is harmless is taken, percent signs and all', () => {
    const root = temporaryFolder();
    for (const name of ['a.csv', '데이터 1.csv', '%2e%2e%2fx', '..x', '.hidden', 'a b-c_d']) {
      expect(pathBelow(root, name)).toBe(join(root, name));
      expect(safeFileName(name)).toBe(name);
    }
    expect(pathBelow(root, 'a/b/c')).toBe(join(root, 'a', 'b', 'c'));
    expect(safeFileName('\u1100\u1161.csv')).toBe('가.csv');
  });

  test('does not pass through a link that leads out', () => {
    const root = temporaryFolder();
    symlinkSync(temporaryFolder(), join(root, 'out'));
    mkdirSync(join(root, 'in'));
    symlinkSync(join(root, 'in'), join(root, 'alias'));
    expect(() => pathBelow(root, 'out/x')).toThrow(/outside the folders/);
    expect(pathBelow(root, 'alias/x')).toBe(join(root, 'alias', 'x'));
  });
});

describe('a path from outside', () => {
  test('is resolved through links before it is judged', () => {
    const allowed = temporaryFolder();
    const other = temporaryFolder();
    writeFileSync(join(other, 'secret'), '');
    writeFileSync(join(allowed, 'fine'), '');
    symlinkSync(join(other, 'secret'), join(allowed, 'link'));
    symlinkSync(other, join(allowed, 'folder'));
    const options = { allowedRoots: [allowed] };
    expect(resolveOutsidePath(join(allowed, 'fine'), options)).toBe(join(allowed, 'fine'));
    for (const path of ['link', 'folder/secret', `../${other.split('/').at(-1)}/secret`, '../absent']) {
      expect(() => resolveOutsidePath(join(allowed, path), options)).toThrow(/outside the folders/);
    }
    expect(resolveOutsidePath(join(allowed, 'link'))).toBe(join(other, 'secret'));
  });

  test('must be there and of the right kind', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), '');
    expect(() => resolveOutsidePath(join(folder, 'absent'))).toThrow(/There is nothing at/);
    expect(() => resolveOutsidePath('')).toThrow(/There is nothing at/);
    expect(() => resolveOutsidePath(`${folder}\0/x`)).toThrow(/There is nothing at/);
    expect(() => resolveOutsidePath(folder, { kind: 'file' })).toThrow(/is not a file/);
    expect(() => resolveOutsidePath(join(folder, 'file'), { kind: 'folder' })).toThrow(/is not a folder/);
    expect(() => resolveOutsidePath(join(folder, 'file', 'x'))).toThrow(/is not a folder/);
    expect(resolveOutsidePath('~', { kind: 'folder' })).toBe(resolveOutsidePath(homedir()));
  });

  test('a sibling with the same beginning is not inside', () => {
    expect(isInside('/data/one', '/data/one-more')).toBe(false);
    expect(isInside('/data/one', '/data/one/..two')).toBe(true);
    expect(isInside('/data/one', '/data')).toBe(false);
    expect(isInside('/', '/data')).toBe(true);
  });
});

test('a listing shows folders first, in the order people count, without hidden and broken entries', () => {
  const folder = temporaryFolder();
  for (const name of ['run10', 'run2']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'a.csv'), 'four');
  writeFileSync(join(folder, '.hidden'), '');
  symlinkSync(join(folder, 'absent'), join(folder, 'broken'));
  const listing = listFolder(folder);
  expect(listing.entries.map(({ name, kind, sizeBytes }) => [name, kind, sizeBytes])).toEqual([
    ['run2', 'folder', 0],
    ['run10', 'folder', 0],
    ['a.csv', 'file', 4],
  ]);
  expect(listing.parent).toBe(join(folder, '..'));
  expect(listFolder('/').parent).toBeNull();
});

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isDiskFull } from '../../../src-main/platform/diskRoom.ts';
import { failingFileSystem } from './failingFileSystem.ts';
import { temporaryFolder } from './temporaryFolder.ts';

test.each([
  ['ENOSPC', true],
  ['EDQUOT', true],
  ['EIO', false],
  ['EACCES', false],
])('%s while room is looked for means that the disk is full: %s', (code, full) => {
  const folder = temporaryFolder();
  const answers: boolean[] = [];
  // Opening, two halves of a write and more, flushing: whichever is refused first.
  for (let at = 1; ; at++) {
    const { fileSystem, fired } = failingFileSystem({ at, code, forGood: false });
    answers.push(isDiskFull(join(folder, 'tunebench.sqlite'), fileSystem));
    if (!fired()) break;
  }
  expect(answers.length).toBeGreaterThan(5);
  // What fails after the flush is the clearing away.
  expect(answers.slice(0, -3).every((answer) => answer === full)).toBe(true);
  expect(answers.at(-1)).toBe(false);
  expect(readdirSync(folder).length).toBeLessThanOrEqual(1);
});

test('on a disk with room nothing is left of looking for it', () => {
  const folder = temporaryFolder();
  expect(isDiskFull(join(folder, 'tunebench.sqlite'))).toBe(false);
  expect(readdirSync(folder)).toEqual([]);
});

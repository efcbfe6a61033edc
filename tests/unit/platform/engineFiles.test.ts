import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EngineFiles } from '../../../src-main/engine/files.ts';
import { createEngineFiles } from '../../../src-main/platform/engineFiles.ts';
import { temporaryFolder } from './temporaryFolder.ts';

// The engine declares what it needs without knowing this room; here the two are held together by the compiler.
const files: EngineFiles = createEngineFiles();

test('reads exactly what is asked for and refuses to go past the end', () => {
  const path = join(temporaryFolder(), 'file');
  writeFileSync(path, Buffer.from([1, 2, 3, 4, 5]));
  const source = files.open(path);
  expect(source.sizeBytes).toBe(5);
  expect([...source.read(1, 3)]).toEqual([2, 3, 4]);
  expect(() => source.read(3, 3)).toThrow(/3 bytes wanted at 3, but the file ends at 5/);
  source.close();
});

test('splits lines as they were joined, across block ends and with either line end', () => {
  const path = join(temporaryFolder(), 'lines');
  const lineText = fc.string({ unit: 'binary' }).filter((text) => !/[\r\n\uFEFF]/.test(text));
  fc.assert(
    fc.property(fc.array(lineText), fc.constantFrom('\n', '\r\n'), (lines, lineEnd) => {
      writeFileSync(path, lines.map((line) => line + lineEnd).join(''));
      expect([...files.readLines(path)]).toEqual(lines);
    }),
    { numRuns: 50 },
  );
  const long = ['가'.repeat(200_000), 'b', 'c'.repeat(300_000)];
  writeFileSync(path, long.join('\n'));
  expect([...files.readLines(path)]).toEqual(long);
});

test('says what is wrong with a path', () => {
  const folder = temporaryFolder();
  expect(() => files.open(join(folder, 'absent'))).toThrow(/There is nothing at/);
  expect(() => files.open(folder)).toThrow(/is not a file/);
  expect(files.exists(join(folder, 'absent'))).toBe(false);
});

test('lists what is finished and recovers what was caught in a replacement', () => {
  const folder = temporaryFolder();
  files.writeFolder(join(folder, 'step-1'), (file) => file('state').write(new Uint8Array(3)));
  mkdirSync(join(folder, '.step-2.1234.part'));
  mkdirSync(join(folder, '.step-3.previous'));
  expect(files.list(folder)).toEqual(['step-1']);
  expect(files.verifyFolder(join(folder, 'step-1'))).toBe(true);
  expect(files.verifyFolder(join(folder, 'step-2'))).toBe(false);
  expect(files.exists(join(folder, 'step-3'))).toBe(true);
  files.removeFolder(join(folder, 'step-1'));
  expect(readdirSync(folder)).toEqual(['.step-2.1234.part', 'step-3']);
});

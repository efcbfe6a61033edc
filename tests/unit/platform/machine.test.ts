import { chmodSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { copyFolder, filesBelow, hashFile } from '../../../src-main/platform/files.ts';
import { probeGpus } from '../../../src-main/platform/gpus.ts';
import {
  freeDiskBytes,
  peakMemoryBytes,
  processorCores,
  usableMemoryBytes,
} from '../../../src-main/platform/hardware.ts';
import { openLog } from '../../../src-main/platform/log.ts';
import { readSetupRecord } from '../../../src-main/platform/setupRecord.ts';
import { temporaryFolder } from './temporaryFolder.ts';

test('what the machine has is told in plain numbers', () => {
  expect(processorCores()).toBeGreaterThan(0);
  expect(usableMemoryBytes()).toBeLessThanOrEqual(totalmem());
  expect(usableMemoryBytes()).toBeGreaterThan(100_000_000);
  const folder = temporaryFolder();
  expect(freeDiskBytes(join(folder, 'not', 'there', 'yet'))).toBeGreaterThan(0);
  const before = peakMemoryBytes() ?? 0;
  const block = new Uint8Array(before + 200_000_000).fill(1);
  expect(peakMemoryBytes()).toBeGreaterThan(before + 100_000_000);
  expect(block.byteLength).toBeGreaterThan(before);
  expect(peakMemoryBytes(2 ** 30)).toBeUndefined();
});

function fakeDriver(script: string): string {
  const path = join(temporaryFolder(), 'nvidia-smi');
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

describe.skipIf(process.platform === 'win32')('the GPU probe', () => {
  test('lists what the driver reports', async () => {
    const driver = fakeDriver('echo "NVIDIA H200, 143771"; echo "NVIDIA GeForce RTX 4090, D, 24564"');
    expect((await probeGpus(driver)).gpus).toEqual([
      { name: 'NVIDIA H200', memoryBytes: 143771 * 1024 ** 2 },
      { name: 'NVIDIA GeForce RTX 4090, D', memoryBytes: 24564 * 1024 ** 2 },
    ]);
  });

  test('says why there is none', async () => {
    const reasonOf = async (command: string) => {
      const { gpus, noneReason } = await probeGpus(command);
      expect(gpus).toEqual([]);
      return noneReason;
    };
    expect(await reasonOf('/absent/nvidia-smi')).toMatchObject({
      en: 'No NVIDIA driver is installed (nvidia-smi was not found).',
      ko: expect.stringContaining('설치되어 있지 않습니다'),
    });
    expect(await reasonOf(fakeDriver('echo "Driver/library version mismatch" >&2; exit 9'))).toMatchObject({
      en: 'nvidia-smi failed: Driver/library version mismatch',
    });
    expect(await reasonOf(fakeDriver('echo "[N/A]"'))).toMatchObject({ en: 'nvidia-smi reports no device.' });
  });
});

describe('the set-up record', () => {
  function folderWith(record: string | undefined): string {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'node_modules'));
    if (record !== undefined) writeFileSync(join(folder, 'node_modules', '.tunebench-setup.json'), record);
    return folder;
  }

  test('names the compiled backend', () => {
    const record = {
      backend: 'tensorflow',
      reason: null,
      libraryVersion: '2.18.0',
      bindingPath: '/b.node',
      kernelsPath: '/k.node',
      cuda: false,
    };
    expect(readSetupRecord(folderWith(JSON.stringify(record)))).toMatchObject({
      backend: { kind: 'tensorflow', bindingPath: '/b.node', kernelsPath: '/k.node' },
      libraryVersion: '2.18.0',
      cuda: false,
    });
  });

  test.each([
    [undefined, /has not run yet/],
    ['{"backend":', /cannot be read/],
    ['{"backend":"abacus"}', /cannot be read/],
    ['{"backend":"tensorflow"}', /names no binding/],
    ['{"backend":"portable","reason":{"en":"No C++ compiler was found.","ko":"없음"}}', /^No C\+\+ compiler/],
  ])('%s means the portable backend, and why', (record, reason) => {
    const found = readSetupRecord(folderWith(record));
    expect(found.backend).toEqual({ kind: 'portable' });
    expect(found.reason.en).toMatch(reason);
  });
});

describe('the log', () => {
  test('keeps JSON lines, and a bounded number of files', () => {
    const folder = join(temporaryFolder(), 'logs');
    for (let opened = 0; opened < 2; opened++) {
      const log = openLog(folder, { maximumBytes: 500, keptFiles: 2 });
      for (let number = 0; number < 30; number++) log.write('info', 'counted', { number, text: '한글\n' });
    }
    expect(readdirSync(folder).sort()).toEqual(['tunebench.1.log', 'tunebench.2.log', 'tunebench.log']);
    const lines = ['tunebench.2.log', 'tunebench.1.log', 'tunebench.log'].flatMap((name) => {
      const text = readFileSync(join(folder, name), 'utf8');
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(500);
      return text.trimEnd().split('\n');
    });
    const numbers = lines.map((line): unknown => JSON.parse(line).number);
    expect(numbers).toEqual(
      Array.from({ length: numbers.length }, (_, index) => 30 - numbers.length + index),
    );
  });

  test('never throws', () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    const circular: Record<string, unknown> = {};
    circular['itself'] = circular;
    openLog(file).write('error', 'failed');
    openLog(temporaryFolder()).write('error', 'failed', circular);
  });
});

test('a folder is copied whole and hashed', async () => {
  const from = temporaryFolder();
  mkdirSync(join(from, 'a', 'b'), { recursive: true });
  writeFileSync(join(from, 'a', 'b', 'two'), 'two');
  writeFileSync(join(from, 'one'), 'one');
  const to = join(temporaryFolder(), 'copy');
  const progress: number[] = [];
  await copyFolder(from, to, (doneBytes) => progress.push(doneBytes));
  expect(filesBelow(to)).toEqual([
    { name: 'a/b/two', sizeBytes: 3 },
    { name: 'one', sizeBytes: 3 },
  ]);
  expect(progress).toEqual([3, 6]);
  expect(await hashFile(join(to, 'one'))).toBe(
    '7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed',
  );
});

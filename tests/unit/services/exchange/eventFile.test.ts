import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { RunEventBody } from '../../../../src-main/contract/events.ts';
import { crc32c } from '../../../../src-main/services/runs/exchange/crc32c.ts';
import {
  encodeFileHeader,
  encodeScalar,
  readEventFile,
} from '../../../../src-main/services/runs/exchange/eventFile.ts';
import { LiveEventFile } from '../../../../src-main/services/runs/exchange/liveEventFile.ts';
import { concatBytes } from '../../../../src-main/services/runs/exchange/protobuf.ts';
import { python, pythonIsRequired, runReference } from '../../../parity/python.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'tunebench-events-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const scalars = [
  { tag: 'train/loss', step: 0, wallTime: 1000, value: 0.5 },
  { tag: '검증/정확도', step: 2 ** 40, wallTime: 1000.25, value: -0.25 },
];
const file = () => concatBytes([encodeFileHeader(999), ...scalars.map(encodeScalar)]);

test('the checksum is that of RFC 3720', () => {
  const ascending = Uint8Array.from({ length: 32 }, (_, index) => index);
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  expect(crc32c(ascending)).toBe(0x46dd794e);
});

describe('an event file', () => {
  test('is read as it was written', () => {
    expect(readEventFile(file())).toEqual({ scalars, unreadBytes: 0 });
  });

  test('that is cut anywhere gives its whole records', () => {
    const bytes = file();
    for (let length = 0; length < bytes.length; length++) {
      const read = readEventFile(bytes.subarray(0, length));
      expect(scalars.slice(0, read.scalars.length)).toEqual(read.scalars);
      expect(read.scalars.length).toBeLessThan(scalars.length);
    }
  });

  test('is read up to the first damaged byte', () => {
    const bytes = file();
    bytes[bytes.length - 10] = (bytes[bytes.length - 10] ?? 0) ^ 1;
    expect(readEventFile(bytes).scalars).toEqual(scalars.slice(0, 1));
    expect(readEventFile(new TextEncoder().encode('step,loss\n1,0.5\n2,0.25\n')).scalars).toEqual([]);
  });

  test('grows with a run, and one that cannot be written is given up quietly', () => {
    const stepped = (step: number): RunEventBody => ({
      event: 'stepped',
      step,
      totalSteps: 9,
      epoch: 0,
      metrics: { loss: 1 / step },
      memoryBytes: 0,
      elapsedMs: 0,
      remainingMs: 0,
    });
    const failures: unknown[] = [];
    const live = new LiveEventFile(
      (name) => path.join(folder, 'live', name),
      (error) => failures.push(error),
    );
    live.add({ event: 'queued' }, '1970-01-01T00:00:01.000Z');
    live.add(stepped(1), '1970-01-01T00:00:02.000Z');
    live.add(stepped(2), '1970-01-01T00:00:03.000Z');
    const [name = ''] = readdirSync(path.join(folder, 'live'));
    expect(name).toBe('events.out.tfevents.2000.tunebench');
    expect(readEventFile(readFileSync(path.join(folder, 'live', name))).scalars).toEqual([
      { tag: 'train/loss', step: 1, wallTime: 2, value: 1 },
      { tag: 'train/loss', step: 2, wallTime: 3, value: 0.5 },
    ]);
    const blocked = path.join(folder, 'a file');
    writeFileSync(blocked, '');
    const broken = new LiveEventFile(
      (name) => path.join(blocked, name),
      (error) => failures.push(error),
    );
    broken.add(stepped(1), '1970-01-01T00:00:02.000Z');
    broken.add(stepped(2), '1970-01-01T00:00:03.000Z');
    expect(failures).toHaveLength(1);
  });
});

describe.skipIf(python === undefined && !pythonIsRequired)('beside TensorBoard', () => {
  const program = path.join(import.meta.dirname, '../../../reference/tensorboard_files.py');

  test('its own files are read right', () => {
    const theirs = mkdtempSync(path.join(folder, 'theirs-'));
    runReference('tensorboard_files.py', 'write', theirs);
    const [name = ''] = readdirSync(theirs);
    const { scalars: found, unreadBytes } = readEventFile(readFileSync(path.join(theirs, name)));
    expect(unreadBytes).toBe(0);
    const losses = found.filter(({ tag }) => tag === 'train/loss');
    expect(losses.map(({ value }) => value)).toEqual([1, 1 / 2, 1 / 3, 1 / 4, 1 / 5].map(Math.fround));
    const shares = found.filter(({ tag }) => tag === '검증/정확도');
    expect(shares.map(({ value }) => value)).toEqual([0, 0.1, 0.2, 0.3, 0.4].map(Math.fround));
    expect(found.at(-1)).toEqual({ tag: 'late', step: 2 ** 40, wallTime: 2000, value: -1.5 });
  });

  test('ours open in it', () => {
    const ours = mkdtempSync(path.join(folder, 'ours-'));
    writeFileSync(path.join(ours, 'events.out.tfevents.999.tunebench'), file());
    const printed = execFileSync(python ?? 'python3', ['-W', 'ignore', program, 'read', ours], {
      encoding: 'utf8',
    });
    const found = z.record(z.string(), z.array(z.array(z.number()))).parse(JSON.parse(printed));
    expect(found).toEqual({ 'train/loss': [[0, 1000, 0.5]], '검증/정확도': [[2 ** 40, 1000.25, -0.25]] });
  });
});

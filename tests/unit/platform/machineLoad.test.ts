import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type LoadWatch, watchLoad } from '../../../src-main/platform/index.ts';

let folder: string;
let watch: LoadWatch | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunebench-load-'));
});
afterEach(() => {
  watch?.close();
  watch = undefined;
  rmSync(folder, { recursive: true });
});

/** A machine whose clocks stand where the test puts them. */
function fakeMachine() {
  const state = { atMs: 0, ownMs: 0, busyMs: 0, allMs: 0 };
  return { state, clocks: { clock: () => state.atMs, read: () => ({ ...state }) } };
}

/** A program in the place of the driver's, which says what it was asked and then these lines. */
function fakeDriver(lines: string): string {
  const path = join(folder, 'driver');
  writeFileSync(path, `#!/bin/sh\necho "$@" > ${join(folder, 'flags')}\nprintf '${lines}'\nexec sleep 600\n`);
  chmodSync(path, 0o755);
  return path;
}

const nowhere = '/nowhere/nvidia-smi';

describe('watchLoad', () => {
  it('tells the share of the time between two answers, of all cores together', () => {
    const { state, clocks } = fakeMachine();
    watch = watchLoad(nowhere, clocks);
    Object.assign(state, { atMs: 1000, ownMs: 250 * availableParallelism(), busyMs: 600, allMs: 800 });
    expect(watch.take()).toEqual({ process: 0.25, machine: 0.75 });
    Object.assign(state, { atMs: 3000, busyMs: 700, allMs: 2800 });
    expect(watch.take()).toEqual({ process: 0, machine: 0.05 });
  });

  it('says nothing until enough time has passed, and loses none of it', () => {
    const { state, clocks } = fakeMachine();
    watch = watchLoad(nowhere, clocks);
    Object.assign(state, { atMs: 100, ownMs: 50 * availableParallelism(), busyMs: 90, allMs: 100 });
    expect(watch.take()).toBeNull();
    Object.assign(state, { atMs: 500, allMs: 500 });
    expect(watch.take()).toEqual({ process: 0.1, machine: 0.18 });
  });

  it('stays within the machine where its clocks disagree', () => {
    const { state, clocks } = fakeMachine();
    watch = watchLoad(nowhere, clocks);
    Object.assign(state, { atMs: 1000, ownMs: 1500 * availableParallelism(), busyMs: -5, allMs: 800 });
    expect(watch.take()).toEqual({ process: 1, machine: 0 });
  });

  it.skipIf(process.platform === 'win32')(
    'adds the graphics card where the driver tells of one',
    async () => {
      const { state, clocks } = fakeMachine();
      const opened = watchLoad(fakeDriver('12\\n37\\n'), clocks);
      watch = opened;
      const load = await vi.waitFor(
        () => {
          Object.assign(state, { atMs: state.atMs + 1000 });
          const taken = opened.take();
          expect(taken?.gpu).toBe(0.37);
          return taken;
        },
        { timeout: 60_000 },
      );
      expect(load).toEqual({ process: 0, machine: 0, gpu: 0.37 });
    },
  );

  it('reads this machine', async () => {
    const opened = watchLoad(nowhere);
    watch = opened;
    const load = await vi.waitFor(
      () => {
        const taken = opened.take();
        expect(taken).not.toBeNull();
        return taken;
      },
      { timeout: 60_000 },
    );
    expect(load?.gpu).toBeUndefined();
    expect(load?.process).toBeGreaterThan(0);
    expect(load?.machine).toBeLessThanOrEqual(1);
  });
});

import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bundleIsCurrent, bundleFingerprint, type Bundle } from '../../../build/launch/bundle.mjs';
import { addonFingerprint, addonIsCurrent, objectsOf, type Addon } from '../../../build/setup/addon.mjs';
import { findExecutable, run } from '../../../build/setup/command.mjs';
import { sha256Of } from '../../../build/setup/fetchLibraries.mjs';
import { takeLock } from '../../../build/setup/lock.mjs';
import { readRecord } from '../../../build/setup/record.mjs';
import { projectPaths } from '../../../build/setup/paths.mjs';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunebench-setup-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const addonIn = (root: string): Addon => ({
  name: 'kernels',
  sources: join(root, 'native'),
  output: join(root, 'kernels.node'),
  includes: [],
  libraries: [],
  flags: [],
  runtimePath: '.',
});

describe('addonIsCurrent', () => {
  it('notices a changed source, other flags and other libraries', () => {
    const addon = addonIn(folder);
    mkdirSync(addon.sources);
    writeFileSync(join(addon.sources, 'gelu.cc'), 'int one;');
    expect(addonIsCurrent(addon, 'cpu')).toBe(false);
    writeFileSync(addon.output, '');
    writeFileSync(`${addon.output}.stamp`, addonFingerprint(addon, 'cpu'));
    expect(addonIsCurrent(addon, 'cpu')).toBe(true);
    expect(addonIsCurrent(addon, 'cuda')).toBe(false);
    expect(addonIsCurrent({ ...addon, flags: ['-O3'] }, 'cpu')).toBe(false);
    writeFileSync(join(addon.sources, 'gelu.cc'), 'int two;');
    expect(addonIsCurrent(addon, 'cpu')).toBe(false);
  });

  it('keeps the objects of unchanged sources, but none where a header changed', () => {
    const addon = addonIn(folder);
    mkdirSync(addon.sources);
    for (const name of ['gelu.cc', 'norm.cc', 'shared.h'])
      writeFileSync(join(addon.sources, name), 'int one;');
    const objects = () => objectsOf(addon, 'cpu').map(({ object }) => object);
    const before = objects();
    writeFileSync(join(addon.sources, 'gelu.cc'), 'int two;');
    const afterSource = objects();
    expect(afterSource.map((object, index) => object === before[index])).toEqual([false, true]);
    writeFileSync(join(addon.sources, 'shared.h'), 'int two;');
    expect(objects().map((object, index) => object === afterSource[index])).toEqual([false, false]);
  });
});

describe('bundleIsCurrent', () => {
  it('notices a changed source and a missing output', () => {
    const bundle: Bundle = { sources: ['src'], output: 'out/index.html', stamp: 'out/stamp', program: [] };
    mkdirSync(join(folder, 'src', 'app'), { recursive: true });
    mkdirSync(join(folder, 'out'));
    writeFileSync(join(folder, 'src', 'app', 'main.ts'), 'one');
    writeFileSync(join(folder, bundle.stamp), bundleFingerprint(folder, bundle));
    expect(bundleIsCurrent(folder, bundle)).toBe(false);
    writeFileSync(join(folder, bundle.output), '');
    expect(bundleIsCurrent(folder, bundle)).toBe(true);
    writeFileSync(join(folder, 'src', 'app', 'main.ts'), 'two');
    expect(bundleIsCurrent(folder, bundle)).toBe(false);
  });
});

describe('run', () => {
  it('keeps both streams apart and together', async () => {
    const program = 'process.stdout.write("out"); process.stderr.write("err"); process.exitCode = 3';
    const result = await run(process.execPath, ['-e', program]);
    expect(result).toMatchObject({ ok: false, code: 3, stdout: 'out' });
    expect(result.output).toContain('err');
  });

  it('reports a program that is not there', async () => {
    const result = await run(join(folder, 'missing'), []);
    expect(result.ok).toBe(false);
    expect(result.output).toContain('ENOENT');
  });

  it('ends a program, with those it started, that takes too long', async () => {
    const child = `require('child_process').spawnSync(process.execPath, ['-e', 'setTimeout(() => {}, 1e6)'])`;
    const result = await run(process.execPath, ['-e', child], { timeoutMs: 500 });
    expect(result).toMatchObject({ ok: false, timedOut: true });
  });

  it('finds programs on PATH only', () => {
    writeFileSync(join(folder, 'tool'), '', { mode: 0o755 });
    writeFileSync(join(folder, 'text'), '', { mode: 0o644 });
    expect(findExecutable(['text', 'tool'], { PATH: folder }, 'linux')).toBe(join(folder, 'tool'));
    expect(findExecutable(['absent'], { PATH: folder }, 'linux')).toBeNull();
  });
});

describe('takeLock', () => {
  it('takes over from a process that is gone', async () => {
    const path = join(folder, 'setup.lock');
    // A pid above the kernel's largest.
    writeFileSync(path, '999999999');
    const release = await takeLock(path, () => expect.unreachable('nobody holds the lock'));
    expect(existsSync(path)).toBe(true);
    release();
    expect(existsSync(path)).toBe(false);
  });

  it('waits for a process that is running', async () => {
    const path = join(folder, 'setup.lock');
    writeFileSync(path, String(process.pid));
    const waited: number[] = [];
    const release = await takeLock(path, (pid) => {
      waited.push(pid);
      rmSync(path);
    });
    release();
    expect(waited).toEqual([process.pid]);
  });
});

describe('sha256Of', () => {
  it('is the SHA-256 of the bytes', async () => {
    writeFileSync(join(folder, 'abc'), 'abc');
    expect(await sha256Of(join(folder, 'abc'))).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });
});

describe('readRecord', () => {
  it('takes a broken record for none', () => {
    const paths = projectPaths(folder);
    mkdirSync(paths.modules);
    expect(readRecord(paths)).toBeNull();
    writeFileSync(paths.record, '{"backend":');
    expect(readRecord(paths)).toBeNull();
  });
});

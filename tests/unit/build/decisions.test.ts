import { describe, expect, it } from 'vitest';
import { decideCuda, firstDevice } from '../../../build/setup/cuda.mjs';
import { leftovers } from '../../../build/setup/fetchLibraries.mjs';
import { chooseNode, majorOf } from '../../../build/setup/nodeRuntime.mjs';
import { cacheFolder } from '../../../build/setup/paths.mjs';
import { worthRetrying, type SetupRecord } from '../../../build/setup/record.mjs';
import { stepsToDo } from '../../../build/setup/steps.mjs';

describe('decideCuda', () => {
  const nothing = { flag: false, setting: undefined, device: null, installed: false, interactive: true };
  const device = 'NVIDIA RTX 4090, 24564 MiB';

  it.each([
    ['no driver, nothing asked', nothing, 'no'],
    ['a driver on a terminal', { ...nothing, device }, 'ask'],
    ['a driver without a terminal', { ...nothing, device, interactive: false }, 'hint'],
    ['asked for by flag', { ...nothing, device, flag: true }, 'use'],
    ['asked for by setting', { ...nothing, device, setting: '1' }, 'use'],
    ['taken before', { ...nothing, device, installed: true }, 'use'],
    ['asked for without a driver', { ...nothing, flag: true }, 'missingDriver'],
    ['declined by setting', { ...nothing, device, setting: '0' }, 'no'],
    ['declined by setting, asked for by flag', { ...nothing, device, setting: '0', flag: true }, 'use'],
  ])('%s', (_name, known, decision) => {
    expect(decideCuda(known)).toBe(decision);
  });

  it('reads the first device and ignores complaints', () => {
    expect(firstDevice('NVIDIA H200, 143771 MiB\nNVIDIA H200, 143771 MiB\n')).toBe('NVIDIA H200, 143771 MiB');
    expect(firstDevice('No devices were found')).toBeNull();
  });
});

describe('chooseNode', () => {
  it('prefers the installed one, accepts a running one that is new enough, and else none', () => {
    const running = '/usr/bin/node';
    expect(chooseNode({ installed: '/p/node', running, runningVersion: 'v26.0.0' })).toBe('/p/node');
    expect(chooseNode({ installed: null, running, runningVersion: 'v24.1.0' })).toBe(running);
    expect(chooseNode({ installed: null, running, runningVersion: 'v20.20.2' })).toBeNull();
  });

  it('reads major numbers', () => {
    expect(majorOf('v18.19.1')).toBe(18);
    expect(majorOf('24.0.0')).toBe(24);
  });
});

describe('cacheFolder', () => {
  it('follows the habits of each system and the setting before them', () => {
    expect(cacheFolder({ TUNEBENCH_CACHE: '/big/disk' }, 'linux', '/home/user')).toBe('/big/disk');
    expect(cacheFolder({}, 'linux', '/home/user')).toBe('/home/user/.cache/tunebench');
    expect(cacheFolder({ XDG_CACHE_HOME: '/xdg' }, 'linux', '/home/user')).toBe('/xdg/tunebench');
    expect(cacheFolder({}, 'darwin', '/Users/user')).toBe('/Users/user/Library/Caches/tunebench');
  });
});

describe('leftovers', () => {
  it('names what set-ups that are gone left behind', () => {
    const entries = ['a.whl', 'a.whl.partial-11', 'tensorflow.partial-22', 'tensorflow-cpu-2.18.0-linux-x64'];
    expect(leftovers(entries, (pid) => pid === 22)).toEqual(['a.whl.partial-11']);
  });
});

describe('worthRetrying', () => {
  const record = { tools: { python: '/usr/bin/python3', compiler: null } } as SetupRecord;

  it('tries again only where programs appeared or went', () => {
    expect(worthRetrying(record, { python: '/usr/bin/python3', compiler: null })).toBe(false);
    expect(worthRetrying(record, { python: '/usr/bin/python3', compiler: '/usr/bin/g++' })).toBe(true);
  });
});

describe('stepsToDo', () => {
  const step = (name: string, done: boolean) => ({ name, isDone: () => done, run: async () => undefined });

  it('passes over what is done and takes all that follows the first that is not', () => {
    const steps = [step('packages', true), step('node', false), step('backend', true)];
    expect(stepsToDo(steps).map(({ name }) => name)).toEqual(['node', 'backend']);
    expect(stepsToDo([step('packages', true)])).toEqual([]);
  });
});

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { TunebenchError } from '../../../src-main/contract/errors/index.ts';
import { dataFolderPath, openDataFolder } from '../../../src-main/platform/dataFolder.ts';
import { temporaryFolder } from './temporaryFolder.ts';

const holderPath = join(import.meta.dirname, 'fixtures', 'folderHolder.ts');

async function startHolder(folder: string): Promise<ChildProcess> {
  const holder = spawn(process.execPath, ['--expose-gc', holderPath, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    holder.kill('SIGKILL');
  });
  if (holder.stdout === null) throw new Error('no output');
  const [said] = await once(holder.stdout, 'data');
  expect(String(said)).toBe('locked\n');
  return holder;
}

test('a second host is told who has the folder; a killed one leaves no lock behind', async () => {
  const path = join(temporaryFolder(), 'home');
  const holder = await startHolder(path);
  let refusal: unknown;
  try {
    openDataFolder(path);
  } catch (error) {
    refusal = error;
  }
  expect(refusal).toBeInstanceOf(TunebenchError);
  expect(refusal).toMatchObject({
    code: 'platform.dataFolderInUse',
    params: { folder: path, pid: holder.pid, computer: hostname() },
  });

  const ended = once(holder, 'exit');
  holder.kill('SIGKILL');
  await ended;
  const folder = openDataFolder(path);
  expect(() => openDataFolder(path)).toThrow(`process ${process.pid} on`);
  folder.release();
  folder.release();
  openDataFolder(path).release();
});

test('opening makes the folders and clears what a crash left', () => {
  const path = temporaryFolder();
  const runPath = join(path, 'runs', 'run-1', 'checkpoints');
  mkdirSync(join(runPath, '.step-2.abc.part'), { recursive: true });
  mkdirSync(join(runPath, '.step-1.previous'), { recursive: true });
  writeFileSync(join(path, '.settings.json.abc.part'), 'half');
  const folder = openDataFolder(path);
  expect(readdirSync(runPath)).toEqual(['step-1']);
  expect(readdirSync(path).sort()).toEqual([
    'adapters',
    'features',
    'lock.json',
    'lock.sqlite',
    'logs',
    'models',
    'runs',
    'uploads',
  ]);
  expect(folder.runPath('run-1')).toBe(join(path, 'runs', 'run-1'));
  expect(() => folder.runPath('../models')).toThrow(/cannot be used/);
  folder.release();
});

test.skipIf(process.getuid?.() === 0)('a folder that cannot be written is a clear sentence', () => {
  const path = temporaryFolder();
  chmodSync(path, 0o500);
  expect(() => openDataFolder(join(path, 'home'))).toThrow(/does not allow access/);
});

test('a file in the place of the folder is a clear sentence', () => {
  const path = join(temporaryFolder(), 'file');
  writeFileSync(path, '');
  expect(() => openDataFolder(path)).toThrow(path);
});

test('TUNEBENCH_HOME comes first, then what the system uses', () => {
  expect(dataFolderPath({ TUNEBENCH_HOME: '/somewhere' }, 'linux')).toBe('/somewhere');
  expect(dataFolderPath({ TUNEBENCH_HOME: '', XDG_DATA_HOME: '/data' }, 'linux')).toBe('/data/tunebench');
  expect(dataFolderPath({}, 'linux')).toMatch(/\.local\/share\/tunebench$/);
  expect(dataFolderPath({}, 'darwin')).toMatch(/Library\/Application Support\/Tunebench$/);
  expect(dataFolderPath({ APPDATA: '/roaming' }, 'win32')).toBe('/roaming/Tunebench');
});

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { restoreBackup } from '../../src-main/services/backup.ts';
import { openStore } from '../../src-main/store/store.ts';
import { exampleModel, exampleRun } from '../store/fixtures/examples.ts';
import { type TestHost, codesOfCall, makeTestFolder, openTestHost } from './testHost.ts';

let folder: Awaited<ReturnType<typeof makeTestFolder>>;
let host: TestHost;
let home: string;
let file: string;

beforeAll(async () => {
  folder = await makeTestFolder();
  home = path.join(folder.path, 'home');
  file = path.join(folder.path, 'all.tar');
  mkdirSync(path.join(home, 'models', 'tiny'), { recursive: true });
  mkdirSync(path.join(home, 'runs', 'run-1'), { recursive: true });
  mkdirSync(path.join(home, 'models', 'block'), { recursive: true });
  writeFileSync(path.join(home, 'models', 'block', 'tunebench.sqlite'), 'kept');
  writeFileSync(path.join(home, 'models', 'tiny', 'weights.bin'), Buffer.alloc(700, 7));
  writeFileSync(
    path.join(home, 'runs', 'run-1', 'job.json'),
    JSON.stringify({ dataFile: path.join(home, 'x') }),
  );
  const store = openStore(path.join(home, 'tunebench.sqlite'));
  store.models.insert({ ...exampleModel, folder: path.join(home, 'models', 'tiny') });
  store.runs.insert(exampleRun);
  store.runs.update('run-1', { status: 'completed', notes: '되돌릴 메모' });
  store.close();
  host = await openTestHost({ folder: folder.path });
});
afterAll(async () => {
  await host.close();
  await folder.remove();
});

test('the whole workbench becomes one archive that comes back in another place', async () => {
  const written = await host.client.system.backup({ path: file });
  expect(written).toMatchObject({ path: file });
  expect(await codesOfCall(host.client.system.backup({ path: file }))).toEqual(['run.exportExists']);
  const listed = execFileSync('tar', ['-tf', file], { encoding: 'utf8' }).trim().split('\n').sort();
  expect(listed).toEqual([
    'backup.json',
    'models/block/tunebench.sqlite',
    'models/tiny/weights.bin',
    'runs/run-1/job.json',
    'tunebench.sqlite',
  ]);

  const target = path.join(folder.path, 'elsewhere');
  expect(restoreBackup(file, target).files).toBe(4);
  expect(readFileSync(path.join(target, 'models', 'tiny', 'weights.bin'))).toEqual(Buffer.alloc(700, 7));
  expect(readFileSync(path.join(target, 'runs', 'run-1', 'job.json'), 'utf8')).toContain(
    path.join(target, 'x'),
  );
  const store = openStore(path.join(target, 'tunebench.sqlite'));
  expect(store.runs.get('run-1')?.notes).toBe('되돌릴 메모');
  expect(store.models.list()[0]?.folder).toBe(path.join(target, 'models', 'tiny'));
  store.close();
  expect(() => restoreBackup(file, target)).toThrow(/not empty/);
});

test.each([
  [
    'a changed byte',
    (bytes: Buffer) =>
      bytes.fill(8, bytes.indexOf(Buffer.alloc(100, 7)), bytes.indexOf(Buffer.alloc(100, 7)) + 1),
  ],
  ['a missing end', (bytes: Buffer) => bytes.subarray(0, bytes.length - 2_048)],
  [
    'a name that leads outside',
    (bytes: Buffer) =>
      Buffer.from(
        bytes.toString('latin1').replaceAll('runs/run-1/job.json', '../../out/job1.json'),
        'latin1',
      ),
  ],
])('a backup with %s is refused whole', (_, damage) => {
  const broken = path.join(folder.path, 'broken.tar');
  writeFileSync(broken, damage(Buffer.from(readFileSync(file))));
  const target = path.join(folder.path, 'broken home');
  expect(() => restoreBackup(broken, target)).toThrow();
  expect(() => readFileSync(path.join(target, 'tunebench.sqlite'))).toThrow();
});

import { createHash } from 'node:crypto';
import { type Server, createServer } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestHost, codesOfCall, makeTestFolder, openTestHost } from './testHost.ts';

const commit = 'd'.repeat(40);
const hubId = 'someone/small-talk';
const rows = (label: string, count: number) =>
  Array.from({ length: count }, (_, row) => JSON.stringify({ text: `${label} ${row}`, label })).join('\n');
const files: Record<string, string> = {
  'README.md': '# small talk',
  'dataset_infos.json': '{}',
  'ko/train-00000-of-00002.jsonl': rows('인사', 4),
  'ko/train-00001-of-00002.jsonl': rows('작별', 4),
  'ko/test.jsonl': `${rows('인사', 1)}\n${rows('작별', 1)}`,
  'ko/test.csv': 'text,label\nnever read,x',
  'en/dev.jsonl': `${rows('hello', 2)}\n${rows('bye', 2)}`,
};
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

let hub: Server;
let asked: string[] = [];
let folder: Awaited<ReturnType<typeof makeTestFolder>>;
let host: TestHost;
const oldHub = process.env['TUNEBENCH_HUB'];

beforeAll(async () => {
  hub = createServer((request, response) => {
    const target = request.url ?? '';
    asked.push(target);
    const json = (value: unknown) => response.end(JSON.stringify(value));
    if (target === `/api/datasets/${hubId}/revision/main`)
      return json({ sha: commit, cardData: { license: 'cc-by-4.0' } });
    if (target === `/api/datasets/${hubId}/tree/${commit}?recursive=true`)
      return json([
        { type: 'directory', path: 'ko' },
        ...Object.entries(files).map(([path, text]) => {
          const size = Buffer.byteLength(text);
          return { type: 'file', path, size, lfs: { oid: sha256(text), size } };
        }),
      ]);
    const content = files[target.replace(`/datasets/${hubId}/resolve/${commit}/`, '')];
    if (content === undefined) return void response.writeHead(404).end();
    return void response.end(content);
  });
  await new Promise<void>((resolve) => hub.listen(0, '127.0.0.1', resolve));
  const address = hub.address();
  if (typeof address === 'object') process.env['TUNEBENCH_HUB'] = `http://127.0.0.1:${address?.port}`;
  folder = await makeTestFolder();
  host = await openTestHost({ folder: folder.path });
});
afterAll(async () => {
  if (oldHub === undefined) delete process.env['TUNEBENCH_HUB'];
  else process.env['TUNEBENCH_HUB'] = oldHub;
  await host.close();
  hub.close();
  await folder.remove();
});

test('a dataset of the Hub is fetched in one format, split as its file names say, and imported', async () => {
  const plan = await host.client.datasets.planHub({ hubId, subset: 'ko' });
  expect(plan).toMatchObject({ revision: commit, license: 'cc-by-4.0', subsets: ['en', 'ko'], subset: 'ko' });
  expect(plan.files.map(({ path, split }) => [path, split])).toEqual([
    ['ko/test.jsonl', 'test'],
    ['ko/train-00000-of-00002.jsonl', 'train'],
    ['ko/train-00001-of-00002.jsonl', 'train'],
  ]);
  const fetched = await host.client.datasets.fetchHub({ hubId, subset: 'ko' });
  const dataset = await host.client.datasets.import({
    files: fetched.files,
    mapping: { roles: { text: 'text', label: 'label' } },
  });
  expect(dataset.rowsBySplit).toEqual({ train: 8, validation: 0, test: 2 });

  // What is there and was checked is not fetched again.
  asked = [];
  await host.client.datasets.fetchHub({ hubId, subset: 'ko' });
  expect(asked.filter((path) => path.includes('/resolve/'))).toEqual([]);
});

test('a part or a dataset that is not there, and an address that is none, are refused', async () => {
  const call = (request: { hubId: string; subset?: string }) =>
    codesOfCall(host.client.datasets.planHub(request));
  expect(await call({ hubId, subset: 'fr' })).toEqual(['datasets.hubNoSubset']);
  expect(await call({ hubId: 'someone/else' })).toEqual(['platform.refusedByHub']);
  expect(await call({ hubId: '../../etc' })).toEqual(['model.badHubId']);
});

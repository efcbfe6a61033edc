import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Job } from '../../src-main/contract/events.ts';
import { type TestHost, codesOfCall, makeTestFolder, openTestHost } from './testHost.ts';
import { encoderFolder } from './tinyModel.ts';

const commit = 'c'.repeat(40);
const hubId = 'someone/tiny-encoder';
const files = new Map(
  readdirSync(encoderFolder)
    .filter((name) => !name.startsWith('.'))
    .map((name) => [name, readFileSync(path.join(encoderFolder, name))]),
);
files.set('pytorch_model.bin', Buffer.from('never fetched'));
files.set('README.md', Buffer.from('---\nlicense: mit\n---\n'));

/** A hub of one model on this machine; what it answers can be changed by a test. */
let hub: Server;
let requests: { path: string; range: string | undefined }[] = [];
let change: (name: string, content: Buffer) => Buffer | 'cut' | 'redirect' = (_name, content) => content;
let listed = () => [...files.keys()];

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

function tree() {
  return listed().map((name) => {
    const content = files.get(name) ?? Buffer.alloc(0);
    const lfs = { oid: sha256(content), size: content.length };
    return {
      type: 'file',
      path: name,
      size: content.length,
      ...(name.endsWith('.safetensors') ? { lfs } : {}),
    };
  });
}

let folder: Awaited<ReturnType<typeof makeTestFolder>>;
let host: TestHost;
const oldHub = process.env['TUNEBENCH_HUB'];

beforeAll(async () => {
  hub = createServer((request, response) => {
    const target = request.url ?? '';
    requests.push({ path: target, range: request.headers.range });
    const json = (value: unknown) => {
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify(value));
    };
    if (
      target === `/api/models/${hubId}/revision/main` ||
      target === `/api/models/${hubId}/revision/${commit}`
    ) {
      return json({ sha: commit, cardData: { license: 'mit' } });
    }
    if (target === `/api/models/${hubId}/tree/${commit}`) return json(tree());
    const name = target.replace(`/${hubId}/resolve/${commit}/`, '');
    const content = files.get(name);
    if (content === undefined) return void response.writeHead(404).end();
    const changed = change(name, content);
    if (changed === 'redirect')
      return void response.writeHead(302, { Location: 'http://evil.example/x' }).end();
    const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const body = changed === 'cut' ? content : changed;
    response.writeHead(from > 0 ? 206 : 200, {
      'Content-Length': body.length - from,
      ...(from > 0 ? { 'Content-Range': `bytes ${from}-${body.length - 1}/${body.length}` } : {}),
    });
    if (changed !== 'cut') return void response.end(body.subarray(from));
    response.write(body.subarray(from, Math.floor(body.length / 2)), () => response.destroy());
  });
  await new Promise<void>((resolve) => hub.listen(0, '127.0.0.1', resolve));
  const address: string | AddressInfo | null = hub.address();
  if (typeof address === 'object') process.env['TUNEBENCH_HUB'] = `http://127.0.0.1:${address?.port}`;
  folder = await makeTestFolder();
  host = await openTestHost({ folder: folder.path });
});
afterAll(async () => {
  await host.close();
  await folder.remove();
  hub.close();
  if (oldHub === undefined) delete process.env['TUNEBENCH_HUB'];
  else process.env['TUNEBENCH_HUB'] = oldHub;
});
beforeEach(async () => {
  requests = [];
  change = (_name, content) => content;
  listed = () => [...files.keys()];
  for (const model of await host.client.models.list({})) await host.client.models.remove({ id: model.id });
  rmSync(path.join(folder.path, 'home', 'models'), { recursive: true, force: true });
  mkdirSync(path.join(folder.path, 'home', 'models'));
});

async function download(): Promise<Job> {
  const started = await host.client.models.download({ hubId });
  const abort = new AbortController();
  try {
    for await (const job of await host.client.jobs.watch({}, { signal: abort.signal })) {
      if (job.id === started.id && job.status !== 'running') return job;
    }
  } finally {
    abort.abort();
  }
  throw new Error('The job was lost.');
}

describe('a download', () => {
  test('is planned with licence, size and hashes, without what is not wanted', async () => {
    const plan = await host.client.models.planDownload({ hubId });
    expect(plan).toMatchObject({ hubId, revision: commit, license: 'mit' });
    const names = plan.files.map((file) => file.path);
    expect(names).toEqual(expect.arrayContaining(['config.json', 'model.safetensors', 'tokenizer.json']));
    expect(names).not.toContain('pytorch_model.bin');
    expect(plan.files.find((file) => file.path === 'model.safetensors')?.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(plan.totalBytes).toBe(plan.files.reduce((sum, file) => sum + file.sizeBytes, 0));
  });

  test('ends in the library, ready to be trained', async () => {
    const job = await download();
    expect(job).toMatchObject({ status: 'completed', unit: 'bytes', done: job.total });
    const [model] = await host.client.models.list({});
    expect(model).toMatchObject({
      id: job.resultId,
      source: 'hub',
      hubId,
      license: 'mit',
      modelType: 'bert',
    });
    expect(model?.folder.startsWith(path.join(folder.path, 'home', 'models'))).toBe(true);
    expect(requests.every((request) => !request.path.includes('.bin'))).toBe(true);
  });

  test('that broke goes on where it was', async () => {
    change = (name, content) => (name === 'model.safetensors' ? 'cut' : content);
    const broken = await download();
    expect(broken.status).toBe('failed');
    expect(broken.problems[0]?.code).toBe('platform.unreachable');
    expect(await host.client.models.list({})).toEqual([]);

    change = (_name, content) => content;
    requests = [];
    expect((await download()).status).toBe('completed');
    const fetched = requests.filter((request) => request.path.includes('/resolve/'));
    expect(fetched.filter((request) => request.path.endsWith('model.safetensors'))).toEqual([
      expect.objectContaining({ range: expect.stringMatching(/^bytes=[1-9]\d*-$/) }),
    ]);
    expect(fetched.some((request) => request.path.endsWith('/config.json'))).toBe(false);
  });

  test('with other bytes than promised is refused', async () => {
    change = (name, content) => {
      if (name !== 'model.safetensors') return content;
      const other = Buffer.from(content);
      other[other.length - 1] = (other[other.length - 1] ?? 0) ^ 1;
      return other;
    };
    const job = await download();
    expect(job).toMatchObject({ status: 'failed', problems: [{ code: 'platform.wrongHash' }] });
    expect(await host.client.models.list({})).toEqual([]);
  });

  test('is not led to another host', async () => {
    change = (name, content) => (name === 'config.json' ? 'redirect' : content);
    const job = await download();
    expect(job).toMatchObject({ status: 'failed', problems: [{ code: 'platform.hostNotAllowed' }] });
  });

  test('of what is no model is refused before anything is fetched', async () => {
    listed = () => ['config.json', 'pytorch_model.bin'];
    expect(await codesOfCall(host.client.models.planDownload({ hubId }))).toEqual(['model.hubPickleOnly']);
    listed = () => ['README.md'];
    expect(await codesOfCall(host.client.models.planDownload({ hubId }))).toEqual(['model.hubNotAModel']);
    expect((await download()).status).toBe('failed');
    expect(requests.some((request) => request.path.includes('/resolve/'))).toBe(false);
  });

  test('goes with its model when that is removed, and only then', async () => {
    await download();
    const [model] = await host.client.models.list({});
    writeFileSync(path.join(folder.path, 'home', 'models', 'other.txt'), 'stays');
    await host.client.models.remove({ id: model?.id ?? '' });
    expect(readdirSync(path.join(folder.path, 'home', 'models'))).toEqual(['other.txt']);
  });
});

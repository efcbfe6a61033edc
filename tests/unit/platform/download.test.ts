import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, type RequestListener, type ServerResponse, createServer } from 'node:http';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { type DownloadOptions, downloadFile } from '../../../src-main/platform/download.ts';
import { fetchHubJson, hubAddress } from '../../../src-main/platform/hub.ts';
import { failingFileSystem } from './failingFileSystem.ts';
import { temporaryFolder } from './temporaryFolder.ts';

const content = randomBytes(3_000_000);
const sha256 = createHash('sha256').update(content).digest('hex');

/** A hub on this machine; every request it gets is recorded as path and range. */
async function startHub(answer: RequestListener): Promise<{ requests: string[]; address: string }> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.url} ${request.headers.range ?? 'whole'}`);
    answer(request, response);
  }).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const url = `http://127.0.0.1:${address.port}`;
  vi.stubEnv('TUNEBENCH_HUB', url);
  return { requests, address: url };
}

function sendContent(request: IncomingMessage, response: ServerResponse, bytes: Buffer = content): void {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  if (from > 0) {
    response.writeHead(206, {
      'content-length': bytes.byteLength - from,
      'content-range': `bytes ${from}-${bytes.byteLength - 1}/${bytes.byteLength}`,
    });
  } else response.writeHead(200, { 'content-length': bytes.byteLength });
  response.end(bytes.subarray(from));
}

/** Promises a whole file but cuts the connection after `count` bytes. */
function sendPart(response: ServerResponse, count: number): void {
  response.writeHead(200, { 'content-length': content.byteLength });
  response.write(content.subarray(0, count), () => response.destroy());
}

function planFor(folder: string, change: Partial<DownloadOptions> = {}): DownloadOptions {
  const target = join(folder, 'model.safetensors');
  return {
    hubPath: '/a/b/resolve/main/model.safetensors',
    target,
    sizeBytes: content.byteLength,
    sha256,
    ...change,
  };
}

beforeEach(() => {
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
});

describe('downloading a file', () => {
  test('brings it whole, with progress, and leaves nothing beside it', async () => {
    await startHub(sendContent);
    const folder = temporaryFolder();
    const progress: number[] = [];
    await downloadFile(planFor(join(folder, 'deep'), { onProgress: (done) => progress.push(done) }));
    expect(readFileSync(join(folder, 'deep', 'model.safetensors')).equals(content)).toBe(true);
    expect(progress.at(-1)).toBe(content.byteLength);
    expect(progress).toEqual(progress.toSorted((one, other) => one - other));
    expect(readdirSync(join(folder, 'deep'))).toEqual(['model.safetensors']);
  });

  test('goes on by itself where a transfer broke', async () => {
    let first = true;
    const hub = await startHub((request, response) => {
      if (first) sendPart(response, 1_000_000);
      else sendContent(request, response);
      first = false;
    });
    const folder = temporaryFolder();
    await downloadFile(planFor(folder));
    expect(readFileSync(join(folder, 'model.safetensors')).equals(content)).toBe(true);
    expect(hub.requests).toHaveLength(2);
    expect(hub.requests[1]).toMatch(/bytes=[1-9]\d*-$/);
  });

  test('goes on after a restart with the part that is there', async () => {
    const hub = await startHub(sendContent);
    const folder = temporaryFolder();
    writeFileSync(join(folder, '.model.safetensors.download'), content.subarray(0, 2_000_000));
    await downloadFile(planFor(folder));
    expect(hub.requests).toEqual(['/a/b/resolve/main/model.safetensors bytes=2000000-']);
    expect(readFileSync(join(folder, 'model.safetensors')).equals(content)).toBe(true);
  });

  test('starts anew where the server does not go on', async () => {
    await startHub((_, response) => response.end(content));
    const folder = temporaryFolder();
    writeFileSync(join(folder, '.model.safetensors.download'), content.subarray(0, 2_000_000));
    await downloadFile(planFor(folder));
    expect(readFileSync(join(folder, 'model.safetensors')).equals(content)).toBe(true);
  });

  test('starts anew where the server refuses the range', async () => {
    await startHub((request, response) => {
      if (request.headers.range === undefined) sendContent(request, response);
      else response.writeHead(416).end();
    });
    const folder = temporaryFolder();
    writeFileSync(join(folder, '.model.safetensors.download'), content.subarray(0, 2_000_000));
    await downloadFile(planFor(folder));
    expect(readFileSync(join(folder, 'model.safetensors')).equals(content)).toBe(true);
  });

  test('never joins parts of a file whose hash is not known', async () => {
    const hub = await startHub(sendContent);
    const folder = temporaryFolder();
    writeFileSync(join(folder, '.model.safetensors.download'), 'something else');
    await downloadFile(planFor(folder, { sha256: null }));
    expect(hub.requests).toEqual(['/a/b/resolve/main/model.safetensors whole']);
    expect(readFileSync(join(folder, 'model.safetensors')).equals(content)).toBe(true);
  });

  test('gives up with a sentence when the connection keeps breaking, and keeps the part', async () => {
    const hub = await startHub((_, response) => response.destroy());
    const folder = temporaryFolder();
    writeFileSync(join(folder, '.model.safetensors.download'), content.subarray(0, 1000));
    await expect(downloadFile(planFor(folder))).rejects.toMatchObject({ code: 'platform.unreachable' });
    expect(hub.requests).toHaveLength(1);
    expect(readdirSync(folder)).toEqual(['.model.safetensors.download']);
  });

  test('refuses other bytes than promised, and removes them', async () => {
    await startHub((request, response) => sendContent(request, response, randomBytes(content.byteLength)));
    const folder = temporaryFolder();
    await expect(downloadFile(planFor(folder))).rejects.toMatchObject({ code: 'platform.wrongHash' });
    expect(readdirSync(folder)).toEqual([]);
  });

  test.each([content.byteLength - 1, content.byteLength + 1])('refuses a size of %i', async (sizeBytes) => {
    await startHub(sendContent);
    const folder = temporaryFolder();
    await expect(downloadFile(planFor(folder, { sizeBytes, sha256: null }))).rejects.toMatchObject({
      code: 'platform.wrongSize',
    });
    expect(existsSync(join(folder, 'model.safetensors'))).toBe(false);
  });

  test('can be cancelled in the middle, and keeps the part', async () => {
    const stop = new AbortController();
    await startHub((_, response) => {
      response.writeHead(200, { 'content-length': content.byteLength });
      response.write(content.subarray(0, 500_000));
    });
    const folder = temporaryFolder();
    const options = planFor(folder, { signal: stop.signal, onProgress: () => stop.abort() });
    await expect(downloadFile(options)).rejects.toMatchObject({ code: 'common.cancelled' });
    expect(readdirSync(folder)).toEqual(['.model.safetensors.download']);
  });

  test('a full disk is a sentence, and an old file stays', async () => {
    await startHub(sendContent);
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'model.safetensors'), 'old');
    for (let at = 1; ; at++) {
      const { fileSystem, fired } = failingFileSystem({ at, code: 'ENOSPC', forGood: true });
      if (at > 200) break;
      const outcome = await downloadFile(planFor(folder, { fileSystem })).catch((error: unknown) => error);
      if (!fired()) break;
      const now = readFileSync(join(folder, 'model.safetensors'));
      expect(now.equals(content) || now.toString() === 'old').toBe(true);
      if (outcome !== undefined) expect(outcome).toMatchObject({ code: 'platform.diskFull' });
    }
  });

  test('follows redirects on the hub and refuses to leave it', async () => {
    const foreign = createServer((_, response) => response.end('evil')).listen(0, '127.0.0.1');
    onTestFinished(() => {
      foreign.close();
    });
    await once(foreign, 'listening');
    const address = foreign.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    let target = '/elsewhere';
    await startHub((request, response) => {
      if (request.url === '/elsewhere') sendContent(request, response);
      else response.writeHead(302, { location: target }).end();
    });
    const folder = temporaryFolder();
    await downloadFile(planFor(folder));
    const refused = [
      `http://127.0.0.1:${port}/evil`,
      'http://huggingface.co/x',
      'https://huggingface.co.evil.example/x',
      'https://evilhf.co/x',
      'https://huggingface.co:8443/x',
      'http://169.254.169.254/latest',
      'file:///etc/passwd',
      'ftp://hf.co/x',
    ];
    for (target of refused) {
      await expect(downloadFile(planFor(temporaryFolder()))).rejects.toMatchObject({
        code: 'platform.hostNotAllowed',
      });
    }
    target = '/again';
    await expect(downloadFile(planFor(temporaryFolder()))).rejects.toThrow(/too many redirects/);
  });

  test('says what the hub answered', async () => {
    await startHub((_, response) => response.writeHead(403).end('no'));
    await expect(downloadFile(planFor(temporaryFolder()))).rejects.toThrow(/answered 403 for \/a\/b/);
  });
});

describe('asking the hub', () => {
  test('gives its JSON, or says why not', async () => {
    await startHub((request, response) => response.end(request.url === '/api/good' ? '{"a":1}' : '<html>'));
    expect(await fetchHubJson('/api/good')).toEqual({ a: 1 });
    await expect(fetchHubJson('/api/bad')).rejects.toMatchObject({ code: 'platform.badAnswer' });
    vi.stubEnv('TUNEBENCH_HUB', 'http://127.0.0.1:1');
    await expect(fetchHubJson('/api/good')).rejects.toMatchObject({ code: 'platform.unreachable' });
  });

  test('takes https mirrors, and http on this machine only', () => {
    const at = (value: string) => hubAddress({ TUNEBENCH_HUB: value });
    expect(hubAddress({})).toBe('https://huggingface.co');
    expect(at('https://mirror.example/hub/')).toBe('https://mirror.example/hub');
    expect(at('http://localhost:8080')).toBe('http://localhost:8080');
    for (const value of [
      'http://mirror.example',
      'mirror.example',
      'file:///x',
      'https://user@mirror.example',
    ]) {
      expect(() => at(value)).toThrow(/TUNEBENCH_HUB/);
    }
  });
});

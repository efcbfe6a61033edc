import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { type RunningServer, startServer } from '../../src-main/hosts/server/startServer.ts';

let folder: string;
let server: RunningServer;
let token: string;
let accepted = 0;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'tunebench-attacks-'));
  const root = path.join(folder, 'renderer');
  await mkdir(path.join(root, 'assets'), { recursive: true });
  await writeFile(path.join(root, 'index.html'), '<!doctype html><title>interface</title>');
  await writeFile(path.join(root, 'assets', 'app.js'), 'export {};');
  await writeFile(path.join(root, '.hidden.js'), 'secret');
  await writeFile(path.join(folder, 'secret.txt'), 'secret');
  await symlink(path.join(folder, 'secret.txt'), path.join(root, 'link.txt'));
  await symlink(folder, path.join(root, 'outside'));
  server = await startServer({
    address: '127.0.0.1',
    port: 0,
    staticFolder: root,
    uploadLimitBytes: 1000,
    accept: () => (accepted += 1),
  });
  token = new URL(server.url).hash.replace('#token=', '');
});

afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

interface Answer {
  status: number;
  body: string;
  headers: http.IncomingHttpHeaders;
}

function ask(
  method: string,
  target: string,
  headers: Record<string, string> = {},
  body?: string,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request(
      { host: '127.0.0.1', port: server.port, method, path: target, headers, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            body: Buffer.concat(chunks).toString('utf8'),
            headers: response.headers,
          }),
        );
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

/** Sends bytes as they are, for requests no client library would make. */
function askRaw(text: string): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = net.connect(server.port, '127.0.0.1', () => socket.write(text));
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')));
    socket.on('error', () => resolve(Buffer.concat(chunks).toString('latin1')));
  });
}

const ownOrigin = () => `http://127.0.0.1:${server.port}`;

async function signIn(): Promise<string> {
  const answer = await ask(
    'POST',
    '/session',
    { Origin: ownOrigin(), 'Content-Type': 'application/json' },
    JSON.stringify({ token }),
  );
  expect(answer.status).toBe(204);
  return answer.headers['set-cookie']?.[0] ?? '';
}

function connect(headers: Record<string, string>): Promise<{ opened: boolean; status?: number }> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/rpc`, { headers });
    socket.on('open', () => {
      socket.terminate();
      resolve({ opened: true });
    });
    socket.on('unexpected-response', (_request, response) => {
      response.resume();
      resolve({ opened: false, status: response.statusCode });
    });
    socket.on('error', () => resolve({ opened: false }));
  });
}

const everyMethod = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND'];

describe('a host name that is not ours (DNS rebinding)', () => {
  for (const host of ['evil.example', 'localhost.evil.example', '127.0.0.1', '127.0.0.1:1', '0.0.0.0']) {
    for (const method of everyMethod) {
      test(`${method} with Host ${host}`, async () => {
        const answer = await ask(method, '/', { Host: host });
        expect(answer.status).toBe(421);
        expect(answer.body).not.toContain('interface');
      });
    }
  }
  test('no Host header at all', async () => {
    expect(await askRaw('GET / HTTP/1.1\r\nConnection: close\r\n\r\n')).toMatch(/^HTTP\/1\.1 4/);
    expect(await askRaw('GET / HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 421/);
  });
  test('the WebSocket upgrade', async () => {
    const cookie = await signIn();
    const answer = await connect({ Host: 'evil.example', Origin: 'http://evil.example', Cookie: cookie });
    expect(answer).toEqual({ opened: false, status: 421 });
  });
});

describe('a request from another site', () => {
  const origins = ['http://evil.example', 'https://evil.example', 'null', 'file://', 'http://127.0.0.1:1'];
  for (const origin of origins) {
    for (const method of everyMethod) {
      test(`${method} from ${origin}`, async () => {
        const answer = await ask(method, '/session', { Origin: origin, Cookie: await signIn() });
        expect(answer.status).toBe(403);
      });
    }
  }
  for (const site of ['cross-site', 'same-site']) {
    for (const target of ['/session', '/assets/app.js']) {
      test(`Sec-Fetch-Site ${site} for ${target}`, async () => {
        expect((await ask('GET', target, { 'Sec-Fetch-Site': site })).status).toBe(403);
      });
    }
    test(`Sec-Fetch-Site ${site} embedding the page`, async () => {
      const headers = { 'Sec-Fetch-Site': site, 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'iframe' };
      expect((await ask('GET', '/', headers)).status).toBe(403);
    });
  }
  test('following a link to the page is let through, and the page may not be framed', async () => {
    const answer = await ask('GET', '/', {
      'Sec-Fetch-Site': 'cross-site',
      'Sec-Fetch-Mode': 'navigate',
      'Sec-Fetch-Dest': 'document',
    });
    expect(answer.status).toBe(200);
    expect(answer.headers['content-security-policy']).toContain("frame-ancestors 'none'");
  });
  test('cross-site WebSocket, cookie included', async () => {
    const before = accepted;
    const cookie = await signIn();
    expect(await connect({ Origin: 'http://evil.example', Cookie: cookie })).toEqual({
      opened: false,
      status: 403,
    });
    expect(await connect({ Cookie: cookie })).toEqual({ opened: false, status: 403 });
    const site = { Origin: ownOrigin(), Cookie: cookie, 'Sec-Fetch-Site': 'cross-site' };
    expect(await connect(site)).toEqual({ opened: false, status: 403 });
    expect(accepted).toBe(before);
  });
});

describe('signing in', () => {
  test('forms and other simple requests are refused', async () => {
    for (const type of ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain', '']) {
      const headers = { Origin: ownOrigin(), ...(type === '' ? {} : { 'Content-Type': type }) };
      expect((await ask('POST', '/session', headers, JSON.stringify({ token }))).status).toBe(415);
    }
  });
  test('a write without an origin is refused', async () => {
    const headers = { 'Content-Type': 'application/json' };
    expect((await ask('POST', '/session', headers, JSON.stringify({ token }))).status).toBe(403);
  });
  test('a wrong, missing or odd token is refused', async () => {
    const headers = { Origin: ownOrigin(), 'Content-Type': 'application/json' };
    for (const body of ['{}', '{"token":1}', '{"token":""}', `{"token":"${token}x"}`, '[]', 'null']) {
      const answer = await ask('POST', '/session', headers, body);
      expect(answer.status).toBe(401);
      expect(answer.headers['set-cookie']).toBeUndefined();
    }
    expect((await ask('POST', '/session', headers, '{')).status).toBe(400);
  });
  test('an oversized body is refused, with its length said or not', async () => {
    const headers = { Origin: ownOrigin(), 'Content-Type': 'application/json' };
    const body = JSON.stringify({ token, padding: 'x'.repeat(100_000) });
    expect((await ask('POST', '/session', headers, body)).status).toBe(413);
    const chunked = { ...headers, 'Transfer-Encoding': 'chunked' };
    expect((await ask('POST', '/session', chunked, body)).status).toBe(413);
  });
  test('the cookie is out of reach of scripts and other sites', async () => {
    const cookie = await signIn();
    expect(cookie).toMatch(/^tunebench-\d+=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/$/);
    expect(cookie).not.toContain(token);
  });
  test('guessing is slowed down, while the right token still opens', async () => {
    const headers = { Origin: ownOrigin(), 'Content-Type': 'application/json' };
    const guesses = await Promise.all(
      Array.from({ length: 40 }, (_, index) => ask('POST', '/session', headers, `{"token":"${index}"}`)),
    );
    expect(guesses.map((answer) => answer.status)).toContain(429);
    expect(await signIn()).not.toBe('');
  });
  test('without the cookie nothing opens', async () => {
    expect((await ask('GET', '/session')).status).toBe(401);
    expect(await connect({ Origin: ownOrigin() })).toEqual({ opened: false, status: 401 });
    const forged = { Origin: ownOrigin(), Cookie: `tunebench-${server.port}=${'A'.repeat(43)}` };
    expect(await connect(forged)).toEqual({ opened: false, status: 401 });
  });
  test('with the cookie it does', async () => {
    const cookie = await signIn();
    expect((await ask('GET', '/session', { Cookie: cookie })).status).toBe(204);
    expect(await connect({ Origin: ownOrigin(), Cookie: cookie })).toEqual({ opened: true });
  });
});

describe('paths that lead out of the interface folder', () => {
  const traversals = [
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/%2e%2e%2fsecret.txt',
    '/%252e%252e%252fsecret.txt',
    '/assets/../../secret.txt',
    '/assets/..%5c..%5csecret.txt',
    '/..\\secret.txt',
    '/....//secret.txt',
    '/%c0%ae%c0%ae/secret.txt',
    '//secret.txt',
    '/\\\\host\\share\\secret.txt',
    '/C:/secret.txt',
    '/C:%5Csecret.txt',
    '/index.html%00.txt',
    '/link.txt',
    '/outside/secret.txt',
    '/.hidden.js',
    '/./../secret.txt',
    `/${'a/'.repeat(2000)}secret.txt`,
    '/%',
    '/assets',
  ];
  for (const target of traversals) {
    test(target.slice(0, 60), async () => {
      const answer = await askRaw(
        `GET ${target} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nConnection: close\r\n\r\n`,
      );
      expect(answer).toMatch(/^HTTP\/1\.1 4/);
      expect(answer).not.toMatch(/\r\n\r\n.*secret$/s);
    });
  }
  test('an absolute request target reaches nothing else', async () => {
    const answer = await askRaw(
      `GET http://evil.example/ HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nConnection: close\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 404/);
  });
});

describe('what is served', () => {
  test('methods that would change something are unknown to files', async () => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      expect((await ask(method, '/', { Origin: ownOrigin() })).status).toBe(405);
    }
  });
  test('every answer carries the protective headers, refusals too', async () => {
    for (const answer of [await ask('GET', '/'), await ask('GET', '/no.html'), await ask('PUT', '/')]) {
      expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
      expect(answer.headers['content-security-policy']).not.toMatch(/script-src[^;]*unsafe/);
      expect(answer.headers['x-content-type-options']).toBe('nosniff');
      expect(answer.headers['cross-origin-opener-policy']).toBe('same-origin');
      expect(answer.headers['cross-origin-resource-policy']).toBe('same-origin');
      expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    }
  });
  test('an over-long WebSocket message closes the connection', async () => {
    const cookie = await signIn();
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/rpc`, {
      headers: { Origin: ownOrigin(), Cookie: cookie },
    });
    const code = await new Promise<number>((resolve) => {
      socket.on('open', () => socket.send(Buffer.alloc(2 * 1024 * 1024)));
      socket.on('error', () => undefined);
      socket.on('close', resolve);
    });
    expect([1006, 1009]).toContain(code);
  });
});

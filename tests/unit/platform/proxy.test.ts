import { once } from 'node:events';
import { createServer } from 'node:http';
import { expect, onTestFinished, test, vi } from 'vitest';
import { fetchHubJson } from '../../../src-main/platform/hub.ts';

test('https traffic asks the proxy of the environment', async () => {
  const asked: string[] = [];
  const proxy = createServer().listen(0, '127.0.0.1');
  proxy.on('connect', (request, socket) => {
    asked.push(request.url ?? '');
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
  });
  onTestFinished(() => {
    vi.unstubAllEnvs();
    proxy.close();
  });
  await once(proxy, 'listening');
  const address = proxy.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  vi.stubEnv('TUNEBENCH_HUB', 'https://hub.invalid');
  vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${address.port}`);
  vi.stubEnv('https_proxy', undefined);
  vi.stubEnv('NO_PROXY', undefined);
  vi.stubEnv('no_proxy', undefined);
  await expect(fetchHubJson('/api/models')).rejects.toMatchObject({ code: 'platform.unreachable' });
  expect(asked).toEqual(['hub.invalid:443']);
});

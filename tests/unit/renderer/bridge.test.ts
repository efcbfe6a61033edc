import { createORPCClient } from '@orpc/client';
import type { ContractRouterClient } from '@orpc/contract';
import { implement } from '@orpc/server';
import { RPCHandler } from '@orpc/server/message-port';
import { describe, expect, test } from 'vitest';
import { type Contract, contract } from '../../../src-main/contract/contract.ts';
import { describeProblem } from '../../../src-main/contract/errors/index.ts';
import { type TunebenchBridge, openBridgeTransport } from '../../../src-renderer/rpc/bridgeTransport.ts';
import { problemsFromFailure } from '../../../src-renderer/rpc/failure.ts';
import { reconnectDelayMs } from '../../../src-renderer/rpc/transport.ts';

type Message = string | ArrayBuffer;

/** A preload bridge whose other end is a real handler: only text and bytes may cross, as in the shell. */
function bridgeTo(handler: RPCHandler<Record<never, never>>): TunebenchBridge {
  const listeners = new Set<(message: Message) => void>();
  const hostListeners = new Set<(message: unknown) => void>();
  handler.upgrade({
    postMessage: (data: unknown) => {
      const plain = data instanceof Uint8Array ? new Uint8Array(data).buffer : data;
      if (typeof plain !== 'string' && !(plain instanceof ArrayBuffer)) throw new TypeError('not a message');
      for (const listener of listeners) listener(plain);
    },
    onMessage: { addListener: (listener: (data: unknown) => void) => void hostListeners.add(listener) },
    onDisconnect: { addListener: () => undefined },
  });
  return {
    version: '0',
    send(message) {
      if (typeof message !== 'string' && !(message instanceof ArrayBuffer))
        throw new TypeError('not a message');
      for (const listener of hostListeners) listener(message);
    },
    onMessage(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

const procedures = implement(contract);

async function connect(
  router: ConstructorParameters<typeof RPCHandler<Record<never, never>>>[0],
): Promise<ContractRouterClient<Contract>> {
  const { link } = await openBridgeTransport(bridgeTo(new RPCHandler(router)))();
  return createORPCClient(link);
}

describe('the bridge of the desktop shell', () => {
  test('carries files whole', async () => {
    let received: Uint8Array | undefined;
    const client = await connect({
      files: {
        upload: procedures.files.upload.handler(async ({ input }) => {
          received = new Uint8Array(await input.content.arrayBuffer());
          return { path: input.name };
        }),
      },
    });
    const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => index % 251);
    const uploaded = await client.files.upload({ name: '문의.csv', content: new File([bytes], '문의.csv') });
    expect(uploaded.path).toBe('문의.csv');
    expect(received).toEqual(bytes);
  });

  test('streams events, and tells the host when nobody listens any more', async () => {
    let ended = false;
    const client = await connect({
      playground: {
        generate: procedures.playground.generate.handler(async function* () {
          try {
            for (let index = 0; ; index += 1) yield { text: String(index) };
          } finally {
            ended = true;
          }
        }),
      },
    });
    const stream = await client.playground.generate({ target: { modelId: 'm' }, prompt: 'x' });
    let text = '';
    for await (const part of stream) {
      text += part.text;
      if (text === '012') break;
    }
    expect(text).toBe('012');
    await expect.poll(() => ended).toBe(true);
  });

  test('brings a failure over with its problems', async () => {
    const problem = describeProblem('common.notFound', { kind: 'run', id: 'x' }, 'id');
    const client = await connect({
      runs: {
        get: procedures.runs.get.handler(({ errors }) => {
          throw errors.FAILED({ data: { problems: [problem] } });
        }),
      },
    });
    const failure = await client.runs.get({ id: 'x' }).catch((error: unknown) => error);
    expect(problemsFromFailure(failure)).toEqual([problem]);
  });
});

test('a failure without problems still becomes a sentence', () => {
  expect(problemsFromFailure(new Error('socket closed'))).toMatchObject([
    { code: 'common.unexpected', params: { detail: 'socket closed' } },
  ]);
});

test('reconnecting waits longer each time, up to five seconds', () => {
  expect([1, 2, 3, 4, 5, 6, 20].map(reconnectDelayMs)).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000]);
});

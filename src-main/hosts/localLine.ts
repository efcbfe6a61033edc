import { createHash } from 'node:crypto';
import { chmodSync, rmSync } from 'node:fs';
import { type Server, type Socket, createConnection, createServer } from 'node:net';
import path from 'node:path';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { HostClient, MessageLine } from '../rpc/dispatcher.ts';

/** Longer names of sockets are cut off by the system. */
const longestSocketPath = 100;
const largestMessageBytes = 256 * 1024 ** 2;
const headBytes = 5;
const kinds = { text: 0, bytes: 1 } as const;

/**
 * Where the host of a data folder can be reached by other programs of the same person: a socket inside the folder, or on
 * Windows a pipe named after it. Undefined where the folder's name is too long for that.
 */
function localLinePath(dataFolder: string): string | undefined {
  if (process.platform === 'win32') {
    return `\\\\.\\pipe\\tunebench-${createHash('sha256').update(dataFolder).digest('hex').slice(0, 32)}`;
  }
  const socket = path.join(dataFolder, 'host.sock');
  return Buffer.byteLength(socket) > longestSocketPath ? undefined : socket;
}

/** A socket as a line of messages: each has its kind and its length before it. */
function lineOver(socket: Socket): MessageLine {
  let waiting: Buffer = Buffer.alloc(0);
  let take: (message: string | Uint8Array) => void = () => undefined;
  socket.on('data', (piece: Buffer) => {
    waiting = waiting.length === 0 ? piece : Buffer.concat([waiting, piece]);
    while (waiting.length >= headBytes) {
      const length = waiting.readUInt32BE(1);
      if (length > largestMessageBytes) {
        socket.destroy();
        return;
      }
      if (waiting.length < headBytes + length) return;
      const content = waiting.subarray(headBytes, headBytes + length);
      const message = waiting[0] === kinds.text ? content.toString('utf8') : new Uint8Array(content);
      waiting = waiting.subarray(headBytes + length);
      take(message);
    }
  });
  // What breaks a line also closes it.
  socket.on('error', () => undefined);
  return {
    send(message) {
      const content = Buffer.from(message);
      const head = Buffer.alloc(headBytes);
      head[0] = typeof message === 'string' ? kinds.text : kinds.bytes;
      head.writeUInt32BE(content.length, 1);
      socket.write(Buffer.concat([head, content]));
    },
    onMessage: (listener) => (take = listener),
    onClose: (listener) => void socket.once('close', listener),
  };
}

function listen(server: Server, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(address, resolve);
  });
}

/**
 * Answers other programs of this person, such as a second terminal. The data folder must be locked by this process.
 * @returns how to end it
 */
export async function serveLocalLine(
  dataFolder: string,
  serveLine: (line: MessageLine) => void,
): Promise<() => Promise<void>> {
  const address = localLinePath(dataFolder);
  if (address === undefined) return () => Promise.resolve();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    serveLine(lineOver(socket));
  });
  if (process.platform !== 'win32') rmSync(address, { force: true });
  await listen(server, address);
  // Only the person whose folder it is.
  if (process.platform !== 'win32') chmodSync(address, 0o600);
  return async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
}

/** Reaches the host that has a data folder open; undefined where none answers. */
export async function connectLocalLine(
  dataFolder: string,
): Promise<{ client: HostClient; close(): void } | undefined> {
  const address = localLinePath(dataFolder);
  if (address === undefined) return undefined;
  const socket = createConnection(address);
  const connected = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  });
  if (!connected) return undefined;
  const line = lineOver(socket);
  const link = new RPCLink({
    port: {
      postMessage: (message: string | Uint8Array) => line.send(message),
      onMessage: { addListener: (listener: (message: unknown) => void) => line.onMessage(listener) },
      onDisconnect: { addListener: (listener: () => void) => line.onClose(listener) },
    },
  });
  return { client: createORPCClient(link), close: () => socket.destroy() };
}

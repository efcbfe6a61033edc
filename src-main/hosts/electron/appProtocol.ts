import type { Protocol } from 'electron';
import { promises as files } from 'fs';
import { join, sep } from 'path';
import { contentSecurityPolicy } from '../server/headers.ts';
import { staticFileName } from '../server/staticName.ts';
import { scheme } from './security.ts';

interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Buffer;
}

async function readOwnFile(root: string, address: string): Promise<Answer> {
  const missing = { status: 404, contentType: 'text/plain; charset=utf-8', body: Buffer.from('404') };
  const name = staticFileName(new URL(address).pathname);
  if (name === undefined) return missing;
  try {
    const realRoot = await files.realpath(root);
    const file = await files.realpath(join(realRoot, name.path));
    if (!file.startsWith(realRoot + sep)) return missing;
    return { status: 200, contentType: name.contentType, body: await files.readFile(file) };
  } catch {
    return missing;
  }
}

function headersOf(answer: Answer): Record<string, string> {
  return {
    'Content-Type': answer.contentType,
    'Content-Security-Policy': contentSecurityPolicy(),
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-cache',
  };
}

/** Serves the built interface under `app://tunebench/`; nothing else of the disk can be reached through it. */
export function serveInterface(protocol: Protocol, root: string): void {
  if (typeof protocol.handle === 'function') {
    protocol.handle(scheme, async (request) => {
      const answer = await readOwnFile(root, request.url);
      return new Response(new Uint8Array(answer.body), { status: answer.status, headers: headersOf(answer) });
    });
    return;
  }
  protocol.registerBufferProtocol(scheme, (request, callback) => {
    void readOwnFile(root, request.url).then((answer) =>
      callback({
        statusCode: answer.status,
        mimeType: answer.contentType.split(';')[0] ?? 'text/plain',
        charset: 'utf-8',
        headers: headersOf(answer),
        data: answer.body,
      }),
    );
  });
}

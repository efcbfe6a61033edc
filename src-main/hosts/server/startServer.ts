import { createReadStream } from 'node:fs';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { z } from 'zod';
import { type Problem, TunebenchError, describeProblem } from '../../contract/errors/index.ts';
import { allowedHosts, urlHost } from './addresses.ts';
import { readJsonBody } from './body.ts';
import { refuseRequest } from './guard.ts';
import { securityHeaders } from './headers.ts';
import { RateCap } from './rateCap.ts';
import { Session } from './session.ts';
import { Sockets } from './sockets.ts';
import { findStaticFile } from './staticFiles.ts';

const signInSchema = z.object({ token: z.string().max(200) });

export interface ServerOptions {
  readonly address: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** The built interface. */
  readonly staticFolder: string;
  readonly uploadLimitBytes: number;
  /** Called with each connection that may speak the contract. */
  readonly accept: (socket: WebSocket) => void;
}

export interface RunningServer {
  readonly port: number;
  /** The address with the token of this start. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Starts the loopback server: files of the interface over HTTP, the contract over a WebSocket at `/rpc`, and
 * `/session`, which trades the token for a cookie.
 * @throws TunebenchError `host.cannotListen`
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000 });
  const port = await listen(server, options);
  const hosts = allowedHosts(options.address, port);
  const session = new Session(port);
  const requests = new RateCap(200, 2000);
  const wrongTokens = new RateCap(1, 20);
  const sockets = new Sockets(options.uploadLimitBytes, options.accept);

  const refuse = (response: ServerResponse, status: number, problem: Problem, allow?: string) => {
    const body = JSON.stringify({ problems: [problem] });
    response.writeHead(status, {
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Length': Buffer.byteLength(body),
      'Cache-Control': 'no-store',
      Connection: 'close',
      ...(allow === undefined ? {} : { Allow: allow }),
    });
    response.end(body);
  };

  async function signIn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readJsonBody(request);
    if ('problem' in body) return refuse(response, body.status, body.problem);
    const parsed = signInSchema.safeParse(body.value);
    if (!parsed.success || !session.accepts(parsed.data.token)) {
      return wrongTokens.take()
        ? refuse(response, 401, describeProblem('host.wrongToken'))
        : refuse(response, 429, describeProblem('host.tooManyRequests'));
    }
    response.writeHead(204, { 'Set-Cookie': session.cookie(), 'Cache-Control': 'no-store' });
    response.end();
  }

  async function sendFile(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const found = await findStaticFile(options.staticFolder, path);
    if (found === undefined) {
      const problem =
        path === '/'
          ? describeProblem('host.noRenderer', { folder: options.staticFolder })
          : describeProblem('host.noSuchPage', { path });
      return refuse(response, 404, problem);
    }
    response.writeHead(200, {
      'Content-Type': found.contentType,
      'Content-Length': found.sizeBytes,
      'Cache-Control': found.unchanging ? 'public, max-age=31536000, immutable' : 'no-cache',
    });
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    createReadStream(found.file)
      .on('error', () => response.destroy())
      .pipe(response);
  }

  function facts(request: IncomingMessage, upgrade: boolean) {
    const target = request.url ?? '/';
    const path = target.split(/[?#]/, 1)[0] ?? '/';
    return { method: request.method ?? '', path, headers: request.headers, upgrade };
  }

  server.on('request', (request, response) => {
    const host = request.headers.host?.toLowerCase() ?? '';
    // An unknown host is not echoed: it is refused below.
    const headers = securityHeaders(hosts.has(host) ? `ws://${host}` : undefined);
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    if (!requests.take()) return refuse(response, 429, describeProblem('host.tooManyRequests'));
    const { method, path } = facts(request, false);
    const refusal = refuseRequest(facts(request, false), hosts);
    if (refusal) return refuse(response, refusal.status, refusal.problem, refusal.allow);
    const answered =
      path !== '/session'
        ? sendFile(request, response, path)
        : method === 'POST'
          ? signIn(request, response)
          : Promise.resolve(
              session.isSignedIn(request.headers.cookie)
                ? void response.writeHead(204, { 'Cache-Control': 'no-store' }).end()
                : refuse(response, 401, describeProblem('host.notSignedIn')),
            );
    answered.catch(() => response.destroy());
  });

  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    stream.on('error', () => stream.destroy());
    const asked = facts(request, true);
    const status = !requests.take()
      ? 429
      : (refuseRequest(asked, hosts)?.status ??
        (asked.path !== '/rpc' ? 404 : session.isSignedIn(request.headers.cookie) ? undefined : 401));
    if (status === undefined) sockets.take(request, stream, head);
    else stream.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  });

  const shown = options.address === '0.0.0.0' || options.address === '::' ? '127.0.0.1' : options.address;
  return {
    port,
    url: `http://${urlHost(shown)}:${port}/#token=${session.token}`,
    async close() {
      sockets.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

async function listen(server: ReturnType<typeof createServer>, options: ServerOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const params = { address: options.address, port: options.port, detail: error.message };
      reject(new TunebenchError('host.cannotListen', params, { cause: error }));
    });
    server.listen(options.port, options.address, () => {
      const bound: AddressInfo | string | null = server.address();
      if (typeof bound === 'object' && bound !== null) resolve(bound.port);
    });
  });
}

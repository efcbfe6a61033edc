import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { RateCap } from './rateCap.ts';

/** Enough for an uploaded file of `uploadLimitBytes` and its envelope. */
const envelopeBytes = 1024 * 1024;
const maximumSockets = 32;

/** The WebSocket side of the server: takes upgraded connections, caps their size, number and rate. */
export class Sockets {
  readonly #server: WebSocketServer;
  readonly #accept: (socket: WebSocket) => void;

  constructor(uploadLimitBytes: number, accept: (socket: WebSocket) => void) {
    this.#server = new WebSocketServer({
      noServer: true,
      clientTracking: true,
      maxPayload: uploadLimitBytes + envelopeBytes,
    });
    this.#accept = accept;
  }

  /** Completes the upgrade of a request that has passed the guard. */
  take(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    this.#server.handleUpgrade(request, stream, head, (socket) => {
      if (this.#server.clients.size > maximumSockets) {
        socket.close(1013, 'too many connections');
        return;
      }
      const rate = new RateCap(200, 1000);
      socket.on('message', () => {
        if (!rate.take()) socket.close(1008, 'too many messages');
      });
      // A broken frame or an over-long message closes the connection; there is nobody else to tell.
      socket.on('error', () => socket.terminate());
      this.#accept(socket);
    });
  }

  close(): void {
    for (const socket of this.#server.clients) socket.terminate();
    this.#server.close();
  }
}

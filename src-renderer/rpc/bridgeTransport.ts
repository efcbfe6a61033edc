import { RPCLink } from '@orpc/client/message-port';
import type { OpenTransport } from './transport.ts';

/** What the preload script of the desktop shell exposes. */
export interface TunebenchBridge {
  send(message: string | ArrayBuffer): void;
  /** Returns the function that ends listening. */
  onMessage(listener: (message: string | ArrayBuffer) => void): () => void;
  version: string;
}

declare global {
  interface Window {
    tunebench?: TunebenchBridge;
  }
}

function toPlainBuffer(data: unknown): string | ArrayBuffer {
  if (typeof data === 'string' || data instanceof ArrayBuffer) return data;
  if (data instanceof Uint8Array) return new Uint8Array(data).buffer;
  throw new TypeError('Only text and bytes can cross the bridge.');
}

/** Carries the same encoded messages as the WebSocket, through the preload bridge; the line lasts as long as the window. */
export function openBridgeTransport(bridge: TunebenchBridge): OpenTransport {
  return async () => ({
    link: new RPCLink({
      port: {
        postMessage: (data: unknown) => bridge.send(toPlainBuffer(data)),
        onMessage: { addListener: (listener: (data: unknown) => void) => void bridge.onMessage(listener) },
        onDisconnect: { addListener: () => undefined },
      },
    }),
    closed: new Promise<void>(() => undefined),
  });
}

import type { ContractRouterClient } from '@orpc/contract';
import { createRouterClient } from '@orpc/server';
import { RPCHandler as MessagePortHandler } from '@orpc/server/message-port';
import { RPCHandler as WebSocketHandler } from '@orpc/server/ws';
import type { Contract } from '../contract/contract.ts';
import type { HostRouter } from './router.ts';

/** Calls to the procedures of the contract, from inside this process. */
export type HostClient = ContractRouterClient<Contract>;

/** A line that carries encoded messages, such as a process's IPC channel. */
export interface MessageLine {
  send(message: string | Uint8Array): void;
  onMessage(listener: (message: string | Uint8Array) => void): void;
  onClose(listener: () => void): void;
}

type Socket = Parameters<WebSocketHandler<Record<never, never>>['upgrade']>[0];

/** The ways to reach the procedures: a socket, a line of messages, or a call in the same process. */
export function createDispatcher(router: HostRouter) {
  const sockets = new WebSocketHandler(router);
  const lines = new MessagePortHandler(router);
  return {
    /** Answers what arrives over a WebSocket until it closes. */
    serveSocket(socket: Socket): void {
      void sockets.upgrade(socket);
    },

    /** Answers what arrives over a line of messages until it closes. */
    serveLine(line: MessageLine): void {
      lines.upgrade({
        postMessage: (message: string | Uint8Array) => line.send(message),
        onMessage: { addListener: (listener: (message: unknown) => void) => line.onMessage(listener) },
        onDisconnect: { addListener: (listener: () => void) => line.onClose(listener) },
      });
    },

    /** The same procedures with the same checks, without a wire. */
    client(): HostClient {
      return createRouterClient(router);
    },
  };
}

import type { IpcMain, WebContents } from 'electron';
import { channel } from './channel.ts';
import { type FromHost, type ToHost, pack, unpack } from './envelope.ts';
import type { HostProcess } from './hostProcess.ts';
import { isOwnSender } from './security.ts';

const maximumBytes = 300 * 1024 * 1024;

function readData(data: unknown): string | Uint8Array | undefined {
  if (typeof data === 'string') return data.length <= maximumBytes ? data : undefined;
  const bytes =
    data instanceof ArrayBuffer ? new Uint8Array(data) : data instanceof Uint8Array ? data : undefined;
  return bytes !== undefined && bytes.byteLength <= maximumBytes ? bytes : undefined;
}

export interface Relay {
  /** Gives a window its line; every page loaded into it afterwards starts anew. */
  attach(contents: WebContents): void;
  /** Called once the host listens; what came before is sent now. */
  connect(host: HostProcess): void;
  deliver(message: Extract<FromHost, { kind: 'message' }>): void;
}

/**
 * Passes messages between windows and the host. Each page load is a connection of its own, so that what a page was
 * waiting for ends with it.
 */
export function createRelay(ipcMain: IpcMain): Relay {
  let host: HostProcess | undefined;
  let waiting: ToHost[] = [];
  let nextConnection = 1;
  const byContents = new Map<number, number>();
  const byConnection = new Map<number, WebContents>();

  function send(message: ToHost): void {
    if (host === undefined) waiting.push(message);
    else host.send(message);
  }

  function connectionOf(contents: WebContents): number {
    const known = byContents.get(contents.id);
    if (known !== undefined) return known;
    const connection = nextConnection++;
    byContents.set(contents.id, connection);
    byConnection.set(connection, contents);
    return connection;
  }

  function close(contentsId: number): void {
    const connection = byContents.get(contentsId);
    if (connection === undefined) return;
    byContents.delete(contentsId);
    byConnection.delete(connection);
    send({ kind: 'closed', connection });
  }

  ipcMain.on(channel, (event, raw: unknown) => {
    const data = readData(raw);
    if (data === undefined || !isOwnSender(event)) return;
    send({ kind: 'message', connection: connectionOf(event.sender), data: pack(data) });
  });

  return {
    attach(contents) {
      const events: NodeJS.EventEmitter = contents;
      const { id } = contents;
      for (const end of ['did-start-loading', 'render-process-gone', 'crashed', 'destroyed']) {
        events.on(end, () => close(id));
      }
    },
    connect(newHost) {
      host = newHost;
      for (const message of waiting) host.send(message);
      waiting = [];
    },
    deliver(message) {
      const contents = byConnection.get(message.connection);
      if (contents === undefined || contents.isDestroyed()) return;
      contents.send(channel, unpack(message.data));
    },
  };
}

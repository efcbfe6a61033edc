import { contextBridge, ipcRenderer } from 'electron';
import { channel } from './channel.ts';

type Message = string | ArrayBuffer;

function toMessage(data: unknown): Message | undefined {
  if (typeof data === 'string' || data instanceof ArrayBuffer) return data;
  return data instanceof Uint8Array ? new Uint8Array(data).buffer : undefined;
}

/** All that the page can reach outside itself: sending and hearing messages of the contract. */
contextBridge.exposeInMainWorld('tunebench', {
  version: process.versions['electron'],
  send(message: Message): void {
    ipcRenderer.send(channel, typeof message === 'string' ? message : new Uint8Array(message));
  },
  onMessage(listener: (message: Message) => void): () => void {
    const hear = (_event: unknown, data: unknown) => {
      const message = toMessage(data);
      if (message !== undefined) listener(message);
    };
    ipcRenderer.on(channel, hear);
    return () => void ipcRenderer.removeListener(channel, hear);
  },
});

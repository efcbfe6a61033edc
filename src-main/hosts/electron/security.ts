import type { Session, WebContents } from 'electron';

/** The interface's own address: a standard, secure scheme, so that it has an origin and a content policy. */
export const scheme = 'app';
export const origin = `${scheme}://tunebench`;

/** Whether an address is a page of our own interface. */
export function isOwnPage(address: string): boolean {
  try {
    const url = new URL(address);
    return url.protocol === `${scheme}:` && url.host === 'tunebench';
  } catch {
    return false;
  }
}

/** Denies every permission a page can ask for; the interface needs none but writing to the clipboard. */
export function denyPermissions(session: Session): void {
  const allowed = 'clipboard-sanitized-write';
  session.setPermissionRequestHandler((_contents, permission, callback) => callback(permission === allowed));
  session.setPermissionCheckHandler((_contents, permission) => permission === allowed);
}

/** Keeps contents on our own page: no navigation elsewhere, no new windows, no embedded pages. */
export function confine(contents: WebContents): void {
  // Events of several generations of Electron; each version raises those it knows.
  const events: NodeJS.EventEmitter = contents;
  const prevent = (event: { preventDefault(): void }) => event.preventDefault();
  const stayHere = (event: { preventDefault(): void }, address?: string) => {
    if (address === undefined || !isOwnPage(address)) event.preventDefault();
  };
  events.on('will-navigate', stayHere);
  events.on('will-redirect', stayHere);
  events.on('new-window', prevent);
  events.on('will-attach-webview', prevent);
  if (typeof contents.setWindowOpenHandler === 'function') {
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  }
}

/** The part of an IPC event that says who sent it. */
export interface SenderFacts {
  readonly sender: Pick<WebContents, 'getURL'>;
  readonly senderFrame?: { readonly url: string; readonly parent: unknown } | null;
}

/** Whether a message comes from the main frame of one of our own pages. */
export function isOwnSender(event: SenderFacts): boolean {
  const frame = event.senderFrame;
  if (frame === null) return false;
  if (frame === undefined) return isOwnPage(event.sender.getURL());
  return frame.parent === null && isOwnPage(frame.url);
}

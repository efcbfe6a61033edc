import { RPCLink } from '@orpc/client/websocket';
import type { OpenTransport, Transport } from './transport.ts';

/** Takes the token out of the address and trades it for a cookie, so that it stays in no history. */
export async function startSession(): Promise<void> {
  const token = /[#&]token=([^&]+)/.exec(location.hash)?.[1];
  if (token === undefined) return;
  history.replaceState(null, '', `${location.pathname}${location.search}#/`);
  await fetch(new URL('session', location.href), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token: decodeURIComponent(token) }),
  });
}

/** A WebSocket to the host that served this page. */
export const openBrowserTransport: OpenTransport = () =>
  new Promise<Transport>((resolve, reject) => {
    const address = new URL('rpc', location.href);
    address.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
    address.hash = '';
    const websocket = new WebSocket(address);
    const closed = new Promise<void>((settle) => {
      websocket.addEventListener('close', () => settle(), { once: true });
    });
    websocket.addEventListener('open', () => resolve({ link: new RPCLink({ websocket }), closed }), {
      once: true,
    });
    websocket.addEventListener('close', () => reject(new Error('The connection was refused.')), {
      once: true,
    });
  });

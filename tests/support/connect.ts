import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { HostClient } from '../../src-main/rpc/dispatcher.ts';

export interface Line {
  readonly client: HostClient;
  close(): Promise<void>;
}

/** Signs in at the address of a server, its token included, as a browser does, and opens a line. */
export async function connectTo(address: string): Promise<Line> {
  const url = new URL(address);
  const { origin, host } = url;
  const answer = await fetch(`${origin}/session`, {
    method: 'POST',
    headers: { Origin: origin, 'Content-Type': 'application/json' },
    body: JSON.stringify({ token: url.hash.replace('#token=', '') }),
  });
  const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const websocket = new WebSocket(`ws://${host}/rpc`, { headers: { Origin: origin, Cookie: cookie } });
  const client: HostClient = createORPCClient(new RPCLink({ websocket }));
  return {
    client,
    async close() {
      if (websocket.readyState === WebSocket.CLOSED) return;
      const closed = new Promise((resolve) => websocket.addEventListener('close', resolve));
      websocket.close();
      await closed;
    },
  };
}

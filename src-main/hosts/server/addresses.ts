import os from 'node:os';

/** Whether an address only answers to this machine. */
export function isLoopback(address: string): boolean {
  return address === 'localhost' || address === '::1' || /^127(\.\d{1,3}){3}$/.test(address);
}

/** How an address is written in a URL: IPv6 goes into brackets. */
export function urlHost(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}

/**
 * The names under which a server listening on an address may be asked for, with port, in lower case. On a wildcard
 * address those are the addresses of this machine's network cards and its name.
 */
export function allowedHosts(address: string, port: number): Set<string> {
  const names = new Set<string>(['127.0.0.1', 'localhost', '::1']);
  if (address === '0.0.0.0' || address === '::') {
    names.add(os.hostname());
    for (const cards of Object.values(os.networkInterfaces())) {
      for (const card of cards ?? []) names.add(card.address);
    }
  } else {
    names.add(address);
  }
  return new Set([...names].map((name) => `${urlHost(name)}:${port}`.toLowerCase()));
}

import { isIP } from 'node:net';
import { TunebenchError } from '../../contract/errors/index.ts';

/** A port number as given on the command line. */
export function parsePort(value: string): number {
  const port = Number(value);
  if (value.trim() !== '' && Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new TunebenchError('cli.badFlag', { flag: '--port', value, detail: '0 – 65535', verb: 'serve' });
}

/** An address to listen on as given on the command line. */
export function parseAddress(value: string): string {
  if (value === 'localhost' || isIP(value) !== 0) return value;
  const detail = '127.0.0.1, ::1, 0.0.0.0 …';
  throw new TunebenchError('cli.badFlag', { flag: '--listen', value, detail, verb: 'serve' });
}

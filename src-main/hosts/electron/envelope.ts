/**
 * What main and host say to each other. Main opens no envelope: `data` is an encoded message of the contract, passed
 * on as it came. Bytes travel as base64, because the oldest shell's channel carries JSON only.
 */
export type Payload = string | { readonly base64: string };

export type ToHost =
  | { readonly kind: 'message'; readonly connection: number; readonly data: Payload }
  | { readonly kind: 'closed'; readonly connection: number }
  | { readonly kind: 'end' };

export type FromHost =
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly text: string }
  /** Whether a training would be stopped by ending the host now. */
  | { readonly kind: 'busy'; readonly busy: boolean }
  | { readonly kind: 'message'; readonly connection: number; readonly data: Payload };

/** Bytes or text as they can cross any channel. */
export function pack(data: string | Uint8Array): Payload {
  return typeof data === 'string' ? data : { base64: Buffer.from(data).toString('base64') };
}

export function unpack(payload: Payload): string | Uint8Array {
  return typeof payload === 'string' ? payload : new Uint8Array(Buffer.from(payload.base64, 'base64'));
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isPayload(value: unknown): value is Payload {
  return typeof value === 'string' || (isTable(value) && typeof value['base64'] === 'string');
}

/** Checks what arrives at the host; undefined for anything else. */
export function readToHost(raw: unknown): ToHost | undefined {
  if (!isTable(raw)) return undefined;
  const { kind, connection, data } = raw;
  if (kind === 'end') return { kind };
  if (typeof connection !== 'number') return undefined;
  if (kind === 'closed') return { kind, connection };
  return kind === 'message' && isPayload(data) ? { kind, connection, data } : undefined;
}

/** Checks what arrives from the host; undefined for anything else. */
export function readFromHost(raw: unknown): FromHost | undefined {
  if (!isTable(raw)) return undefined;
  const { kind, connection, data, text, busy } = raw;
  if (kind === 'ready') return { kind };
  if (kind === 'failed' && typeof text === 'string') return { kind, text };
  if (kind === 'busy' && typeof busy === 'boolean') return { kind, busy };
  if (kind === 'message' && typeof connection === 'number' && isPayload(data))
    return { kind, connection, data };
  return undefined;
}

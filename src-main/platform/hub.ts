import { setGlobalProxyFromEnv } from 'node:http';
import { TunebenchError } from '../contract/errors/index.ts';

const defaultHub = 'https://huggingface.co';
const hubDomains = ['huggingface.co', 'hf.co'];
const maximumRedirects = 10;
const maximumJsonBytes = 32 * 1024 * 1024;
const loopbackHosts = new Set(['127.0.0.1', '[::1]', 'localhost']);

/** The Hub's address without a final slash: `TUNEBENCH_HUB` (a mirror), else huggingface.co. */
export function hubAddress(environment: Readonly<Record<string, string | undefined>> = process.env): string {
  const value = environment['TUNEBENCH_HUB'] || defaultHub;
  const url = URL.parse(value);
  const usable =
    url !== null &&
    url.username === '' &&
    (url.protocol === 'https:' || (url.protocol === 'http:' && loopbackHosts.has(url.hostname)));
  if (!usable) throw new TunebenchError('platform.badHubAddress', { value });
  return url.href.replace(/\/+$/, '');
}

/** Only the chosen Hub itself, and huggingface.co with its storage hosts over https. */
function refuseForeignHost(url: URL, hub: string): void {
  if (url.origin === new URL(hub).origin) return;
  const known = hubDomains.some((domain) => url.hostname === domain || url.hostname.endsWith(`.${domain}`));
  if (url.protocol === 'https:' && known && url.port === '') return;
  const allowed = [...new Set([new URL(hub).host, ...hubDomains])].join(', ');
  throw new TunebenchError('platform.hostNotAllowed', { host: url.host, allowed });
}

let proxyTaken = false;
/** Sends https traffic through the proxy of the environment, where one is set. Loopback mirrors stay direct. */
function takeProxyFromEnvironment(): void {
  if (proxyTaken) return;
  proxyTaken = true;
  const { HTTPS_PROXY, https_proxy, NO_PROXY, no_proxy } = process.env;
  if (HTTPS_PROXY || https_proxy) setGlobalProxyFromEnv({ HTTPS_PROXY, https_proxy, NO_PROXY, no_proxy });
}

/** Why a network call failed, in a few words; the useful part is in the cause. */
export function describeNetworkError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause instanceof Error) return cause.message || describeNetworkError(cause);
  return error.message;
}

export interface HubRequest {
  /** Begins with `/`. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/**
 * `GET` from the Hub. Redirects are followed by hand so that every host on the way is checked.
 * @returns the answer, whatever its status
 * @throws TunebenchError `platform.hostNotAllowed`, `platform.unreachable` or `common.cancelled`
 */
export async function requestFromHub({ path, headers, signal }: HubRequest): Promise<Response> {
  const hub = hubAddress();
  takeProxyFromEnvironment();
  let url = new URL(`${hub}${path}`);
  for (let redirects = 0; redirects <= maximumRedirects; redirects++) {
    refuseForeignHost(url, hub);
    let answer: Response;
    try {
      answer = await fetch(url.href, {
        redirect: 'manual',
        headers: { 'user-agent': 'tunebench', ...headers },
        signal: signal ?? null,
      });
    } catch (error) {
      if (signal?.aborted) throw new TunebenchError('common.cancelled', {}, { cause: error });
      const detail = describeNetworkError(error);
      throw new TunebenchError('platform.unreachable', { host: url.host, detail }, { cause: error });
    }
    const target = answer.headers.get('location');
    if (answer.status < 300 || answer.status > 399 || target === null) return answer;
    await answer.body?.cancel();
    const next = URL.parse(target, url.href);
    if (next === null) {
      throw new TunebenchError('platform.badAnswer', { host: url.host, path, detail: `location ${target}` });
    }
    url = next;
  }
  throw new TunebenchError('platform.badAnswer', { host: url.host, path, detail: 'too many redirects' });
}

/** The error for an answer that is not what was asked for. */
export async function refusalFrom(answer: Response, path: string): Promise<TunebenchError> {
  await answer.body?.cancel();
  const host = new URL(answer.url).host;
  return new TunebenchError('platform.refusedByHub', { host, status: answer.status, path });
}

/** `GET` of JSON from the Hub's API; `path` begins with `/`. */
export async function fetchHubJson(path: string, options: { signal?: AbortSignal } = {}): Promise<unknown> {
  const answer = await requestFromHub({
    path,
    headers: { accept: 'application/json' },
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  if (!answer.ok) throw await refusalFrom(answer, path);
  const host = new URL(answer.url).host;
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  try {
    for await (const chunk of answer.body ?? []) {
      sizeBytes += chunk.byteLength;
      if (sizeBytes > maximumJsonBytes) throw new Error(`larger than ${maximumJsonBytes} bytes`);
      chunks.push(chunk);
    }
    const parsed: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    return parsed;
  } catch (error) {
    if (options.signal?.aborted) throw new TunebenchError('common.cancelled', {}, { cause: error });
    const detail = describeNetworkError(error);
    throw new TunebenchError('platform.badAnswer', { host, path, detail }, { cause: error });
  }
}

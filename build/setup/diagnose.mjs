/** From what a failed program printed to the failure it means. */
import { SetupError } from './messages.mjs';

const patterns = [
  { code: 'diskFull', match: /ENOSPC|no space left on device|errno 28\b|disk quota exceeded/i },
  {
    code: 'lockOutOfSync',
    match: /can only install packages when your package\.json and package-lock\.json/i,
  },
  { code: 'hashMismatch', match: /EINTEGRITY|DO NOT MATCH THE HASHES/ },
  { code: 'notWritable', match: /EACCES|EROFS|permission denied|read-only file system/i },
  {
    code: 'certificateRefused',
    match:
      /CERTIFICATE_VERIFY_FAILED|self[- ]signed certificate|unable to get local issuer|UNABLE_TO_VERIFY/i,
  },
  {
    code: 'proxyRefused',
    match: /ProxyError|cannot connect to proxy|tunnel(?:ing socket| connection)|407 proxy authentication/i,
  },
  {
    code: 'networkUnreachable',
    match:
      /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT|NewConnectionError|ConnectTimeout|ReadTimeout|name resolution|connection (?:refused|reset|timed out)|IncompleteRead/i,
  },
  { code: 'pipMissing', match: /No module named '?pip/ },
  { code: 'wheelUnavailable', match: /no matching distribution|could not find a version|\bE404\b/i },
];

/**
 * The proxy a program would use, or null.
 * @param {Record<string, string | undefined>} env
 * @returns {string | null}
 */
export function configuredProxy(env) {
  const names = [
    'HTTPS_PROXY',
    'https_proxy',
    'PIP_PROXY',
    'npm_config_https_proxy',
    'ALL_PROXY',
    'HTTP_PROXY',
    'http_proxy',
  ];
  const value = names.map((name) => env[name]).find((candidate) => candidate);
  if (!value) return null;
  // A proxy address may carry a password, which must not be printed.
  return value.replace(/\/\/[^/@]*@/, '//');
}

// The cause inside the long lines of pip and npm.
const causes = [
  /\S+ attempt \d+ failed with \w+/,
  /Tunnel connection failed: [^'")]+/,
  /tunneling socket could not be established, [\w=]+/,
  /\[Errno -?\d+\] [^'")]+/,
  /(?:connect|getaddrinfo|read|write) E[A-Z_]+(?: [\w.:-]+)?/,
  /(?:certificate verify failed|self[- ]signed certificate)[^'")]*/i,
  /(?:Read|Connect)Timeout/,
];

/**
 * The most telling part of a program's output: short enough to quote in a sentence.
 * @param {string} output
 * @returns {string}
 */
export function tellingLine(output) {
  const lines = output
    .split('\n')
    .map((line) => line.replace(/\u001b\[[0-9;]*m/g, '').trim())
    .filter(
      (line) =>
        line &&
        !/A complete log of this run|new release of pip|^npm notice|ignored: it is neither/.test(line),
    );
  const chosen =
    lines.find((line) => patterns.some((pattern) => pattern.match.test(line))) ??
    lines.find((line) => /\berror\b/i.test(line)) ??
    lines.at(-1) ??
    'no output';
  const cause = causes.map((pattern) => pattern.exec(chosen)?.[0]).find((found) => found);
  const plain = (cause ?? chosen).replace(/^(npm error|ERROR:|WARNING:)\s*/i, '');
  return plain.length > 160 ? `${plain.slice(0, 157)}...` : plain;
}

/**
 * The failure behind a program's output, or null where none is recognised.
 * @param {string} output what it printed on both streams
 * @param {Record<string, string | undefined>} env its environment
 * @returns {import('./messages.mjs').FailureCode | null}
 */
export function diagnose(output, env) {
  const found = patterns.find((pattern) => pattern.match.test(output))?.code ?? null;
  // Behind a proxy, a refused connection is the proxy's: programs report it as any other.
  if (found === 'networkUnreachable' && configuredProxy(env)) return 'proxyRefused';
  return /** @type {import('./messages.mjs').FailureCode | null} */ (found);
}

/**
 * The error to report for a failed program.
 * @param {{ output: string, what: string, folder: string, otherwise: import('./messages.mjs').FailureCode, parameters?: import('./messages.mjs').Parameters, isCheckout?: boolean, env?: Record<string, string | undefined> }} failed
 *   `isCheckout`: what failed writes into the checkout, not into the cache
 * @returns {SetupError}
 */
export function failureOf({
  output,
  what,
  folder,
  otherwise,
  parameters = {},
  isCheckout = false,
  env = process.env,
}) {
  const found = diagnose(output, env) ?? otherwise;
  return new SetupError(found === 'diskFull' && isCheckout ? 'checkoutDiskFull' : found, {
    what,
    folder,
    detail: tellingLine(output),
    proxy: configuredProxy(env) ?? '',
    needed: '?',
    free: '0 MB',
    file: what,
    found: '?',
    expected: '?',
    python: 'python3',
    ...parameters,
  });
}

import { describe, expect, it } from 'vitest';
import { configuredProxy, diagnose, failureOf, tellingLine } from '../../../build/setup/diagnose.mjs';

const pipProxy = `WARNING: Retrying (Retry(total=1, connect=None)) after connection broken by 'ProxyError('Cannot connect to proxy.', NewConnectionError('<pip._vendor object>: Failed to establish a new connection: [Errno 111] Connection refused'))': /simple/tensorflow-cpu/
ERROR: Could not find a version that satisfies the requirement tensorflow-cpu==2.18.0 (from versions: none)
ERROR: No matching distribution found for tensorflow-cpu==2.18.0`;

describe('diagnose', () => {
  it.each([
    ['npm warn tar TAR_ENTRY_ERROR ENOSPC: no space left on device, write', 'diskFull'],
    ['OSError: [Errno 28] No space left on device', 'diskFull'],
    ['npm error code EINTEGRITY', 'hashMismatch'],
    ["PermissionError: [Errno 13] Permission denied: '/opt/cache'", 'notWritable'],
    ['SSLError(SSLCertVerificationError(1, CERTIFICATE_VERIFY_FAILED))', 'certificateRefused'],
    [pipProxy, 'proxyRefused'],
    ['getaddrinfo ENOTFOUND storage.host.invalid', 'networkUnreachable'],
    ['Temporary failure in name resolution', 'networkUnreachable'],
    ['IncompleteRead(1200 bytes read, 228000000 more expected)', 'networkUnreachable'],
    ['/usr/bin/python3: No module named pip', 'pipMissing'],
    ['ERROR: No matching distribution found for tensorflow-cpu==2.18.0', 'wheelUnavailable'],
    [
      '`npm ci` can only install packages when your package.json and package-lock.json or npm-shrinkwrap.json are in sync.',
      'lockOutOfSync',
    ],
  ])('reads %j as %s', (output, code) => {
    expect(diagnose(output, {})).toBe(code);
  });

  it('blames the proxy for a refused connection where one is configured', () => {
    expect(diagnose('connect ECONNREFUSED 127.0.0.1:9', { HTTPS_PROXY: 'http://127.0.0.1:9' })).toBe(
      'proxyRefused',
    );
    expect(diagnose('connect ECONNREFUSED 127.0.0.1:9', {})).toBe('networkUnreachable');
  });

  it('says nothing about what it does not know', () => {
    expect(diagnose('Segmentation fault', {})).toBeNull();
  });
});

describe('tellingLine', () => {
  it('picks the cause out of a long line', () => {
    expect(tellingLine(pipProxy)).toBe('[Errno 111] Connection refused');
  });

  it('keeps the first error of a compiler', () => {
    expect(
      tellingLine("In file included from a.cc:1:\na.cc:3:5: error: 'x' was not declared\nmake: stopped"),
    ).toBe("a.cc:3:5: error: 'x' was not declared");
  });

  it('shortens what is too long to quote', () => {
    expect(tellingLine('x'.repeat(500))).toHaveLength(160);
  });
});

describe('configuredProxy', () => {
  it('hides the password', () => {
    expect(configuredProxy({ https_proxy: 'http://me:secret@proxy:3128' })).toBe('http://proxy:3128');
  });
});

describe('failureOf', () => {
  const failed = { what: 'the npm packages', folder: '/somewhere', env: {} };

  it('names the cause and the next step', () => {
    const error = failureOf({ ...failed, output: 'getaddrinfo EAI_AGAIN host', otherwise: 'packagesFailed' });
    expect(error.code).toBe('networkUnreachable');
    expect(error.message).toContain('the npm packages');
    expect(error.message).toContain('getaddrinfo EAI_AGAIN host');
    expect(error.message).toContain('npm run setup');
  });

  it('tells a full disk of the checkout from one of the cache', () => {
    const full = { ...failed, output: 'ENOSPC', otherwise: 'packagesFailed' as const };
    expect(failureOf(full).code).toBe('diskFull');
    expect(failureOf({ ...full, isCheckout: true }).code).toBe('checkoutDiskFull');
  });

  it('falls back on the code given', () => {
    expect(failureOf({ ...failed, output: 'odd', otherwise: 'packagesFailed' }).code).toBe('packagesFailed');
  });
});

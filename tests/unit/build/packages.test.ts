import { describe, expect, it } from 'vitest';
import { networkIsGone, packagesMatch } from '../../../build/setup/packages.mjs';

const lockfile = {
  packages: {
    '': { version: '0.1.0' },
    'node_modules/zod': { version: '4.6.7' },
    'node_modules/fsevents': { version: '2.3.3', optional: true },
  },
};

describe('packagesMatch', () => {
  it('accepts what npm installed, without the packages of other platforms', () => {
    expect(packagesMatch(lockfile, { packages: { 'node_modules/zod': { version: '4.6.7' } } })).toBe(true);
  });

  it('refuses another version, a missing package and an installation that did not end', () => {
    expect(packagesMatch(lockfile, { packages: { 'node_modules/zod': { version: '4.6.6' } } })).toBe(false);
    expect(packagesMatch(lockfile, { packages: {} })).toBe(false);
    expect(packagesMatch(lockfile, null)).toBe(false);
  });

  it('refuses another version of an optional package that is there', () => {
    const installed = {
      'node_modules/zod': { version: '4.6.7' },
      'node_modules/fsevents': { version: '2.0.0', optional: true },
    };
    expect(packagesMatch(lockfile, { packages: installed })).toBe(false);
  });
});

describe('networkIsGone', () => {
  const failed = (attempt: number, name: string) =>
    `npm http fetch GET https://host/${name} attempt ${attempt} failed with ENOTFOUND\n`;
  const manyFailures = Array.from({ length: 15 }, (_, index) => failed(1, `p${index}`)).join('');

  it('lets single failures pass', () => {
    expect(networkIsGone(failed(1, 'zod'))).toBe(false);
    expect(networkIsGone('npm http fetch GET 200 https://host/zod 12ms')).toBe(false);
  });

  it('gives up on a second attempt that fails, and where nothing at all was answered', () => {
    expect(networkIsGone(failed(1, 'zod') + failed(2, 'zod'))).toBe(true);
    expect(networkIsGone(manyFailures)).toBe(true);
  });

  it('goes on where some answers came', () => {
    expect(networkIsGone(`npm http fetch GET 200 https://host/zod 12ms\n${manyFailures}`)).toBe(false);
  });
});

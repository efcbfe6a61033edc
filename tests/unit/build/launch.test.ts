import { describe, expect, it } from 'vitest';
import { exitCodeOf } from '../../../build/launch/forward.mjs';
import { chooseShell, hasDisplay, worthFetching } from '../../../build/launch/shell.mjs';

describe('chooseShell', () => {
  it('opens a window where there is a display and Electron', () => {
    const shell = chooseShell({ serverWanted: false, display: true, binary: '/electron' });
    expect(shell).toEqual({ kind: 'window', binary: '/electron' });
  });

  it('serves where asked to, without excuse', () => {
    expect(chooseShell({ serverWanted: true, display: true, binary: '/electron' })).toEqual({
      kind: 'server',
      reason: null,
    });
  });

  it('serves with a reason where there is no display or no Electron', () => {
    expect(chooseShell({ serverWanted: false, display: false, binary: '/electron' })).toMatchObject({
      kind: 'server',
      reason: expect.stringContaining('.'),
    });
    expect(chooseShell({ serverWanted: false, display: true, binary: null }).kind).toBe('server');
  });

  it('sees a display by its environment', () => {
    expect(hasDisplay({ platform: 'linux', env: {} })).toBe(false);
    expect(hasDisplay({ platform: 'linux', env: { DISPLAY: ':0' } })).toBe(true);
    expect(hasDisplay({ platform: 'linux', env: { WAYLAND_DISPLAY: 'wayland-0' } })).toBe(true);
    expect(hasDisplay({ platform: 'darwin', env: {} })).toBe(true);
  });

  it('does not try to fetch Electron again on the day it failed', () => {
    const hourMs = 3_600_000;
    expect(worthFetching({ failedAtMs: null, nowMs: 0 })).toBe(true);
    expect(worthFetching({ failedAtMs: 0, nowMs: hourMs })).toBe(false);
    expect(worthFetching({ failedAtMs: 0, nowMs: 25 * hourMs })).toBe(true);
  });
});

describe('exitCodeOf', () => {
  it('passes codes on and counts signals as a shell does', () => {
    expect(exitCodeOf(3, null)).toBe(3);
    expect(exitCodeOf(null, 'SIGINT')).toBe(130);
    expect(exitCodeOf(null, 'SIGKILL')).toBe(137);
  });
});

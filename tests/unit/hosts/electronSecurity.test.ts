import { describe, expect, test } from 'vitest';
import { pack, readFromHost, readToHost, unpack } from '../../../src-main/hosts/electron/envelope.ts';
import { isOwnPage, isOwnSender } from '../../../src-main/hosts/electron/security.ts';

describe('our own page', () => {
  test.each(['app://tunebench/index.html', 'app://tunebench/', 'app://tunebench/index.html#/runs'])(
    '%s',
    (url) => {
      expect(isOwnPage(url)).toBe(true);
    },
  );
  test.each([
    ...[
      'https://tunebench/',
      'app://tunebench.evil.example/',
      'app://evil/tunebench',
      'file:///index.html',
      '',
    ],
    ...[
      'about:blank',
      'app:tunebench',
      'javascript:alert(1)',
      'data:text/html,app://tunebench/',
      'not a url',
    ],
  ])('is not %s', (url) => {
    expect(isOwnPage(url)).toBe(false);
  });
});

describe('a message', () => {
  const url = 'app://tunebench/index.html';
  const sender = (address: string) => ({ getURL: () => address });
  test('is taken from the main frame of our page alone', () => {
    expect(isOwnSender({ sender: sender(url), senderFrame: { url, parent: null } })).toBe(true);
    expect(isOwnSender({ sender: sender(url), senderFrame: { url, parent: {} } })).toBe(false);
    const foreign = { url: 'https://evil.example/', parent: null };
    expect(isOwnSender({ sender: sender(url), senderFrame: foreign })).toBe(false);
    expect(isOwnSender({ sender: sender(url), senderFrame: null })).toBe(false);
  });
  test('is judged by its window where the shell does not name frames', () => {
    expect(isOwnSender({ sender: sender(url) })).toBe(true);
    expect(isOwnSender({ sender: sender('https://evil.example/') })).toBe(false);
  });
});

describe('envelopes', () => {
  test('carry text and bytes unchanged', () => {
    const bytes = new Uint8Array([0, 1, 127, 128, 255]);
    expect(unpack(pack('{"i":"1"}'))).toBe('{"i":"1"}');
    expect(unpack(pack(bytes))).toEqual(bytes);
  });
  test('of another shape are dropped', () => {
    const odd = [null, 7, 'text', {}, { kind: 'message' }, { kind: 'message', connection: '1', data: 'x' }];
    for (const raw of [
      ...odd,
      { kind: 'message', connection: 1, data: 7 },
      { kind: 'unknown', connection: 1 },
    ]) {
      expect(readToHost(raw)).toBeUndefined();
      expect(readFromHost(raw)).toBeUndefined();
    }
    expect(readToHost({ kind: 'message', connection: 1, data: 'x', extra: 1 })).toEqual({
      kind: 'message',
      connection: 1,
      data: 'x',
    });
  });
});

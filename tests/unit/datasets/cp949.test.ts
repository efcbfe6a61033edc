import { expect, test } from 'vitest';
import { Cp949Decoder } from '../../../src-main/datasets/cp949.ts';

const decode = (hex: string) => new Cp949Decoder().decode(Buffer.from(hex, 'hex'));

test('every Hangul syllable has one place, the rarer ones where Python and Windows have them', () => {
  const seen = new Set<string>();
  for (let first = 0x81; first <= 0xfe; first++) {
    for (let second = 0x41; second <= 0xfe; second++) {
      try {
        seen.add(new Cp949Decoder().decode(Uint8Array.of(first, second)));
      } catch {
        // Not a character.
      }
    }
  }
  expect([...seen].filter((character) => character >= '가' && character <= '힣')).toHaveLength(11_172);
  // 갂, 갡, 뷁, 꿹, 똠, 힣 and the last of the free places before them, by Python's cp949.
  expect(decode('8141')).toBe('갂');
  expect(decode('94ee')).toBe('뷁');
  expect(decode('8572')).toBe('꿹');
  expect(decode('8c63')).toBe('똠');
  expect(decode('c652')).toBe('힣');
  expect(decode('c8fe41b0a1')).toBe('힝A가');
});

test('pieces may end inside a pair; what is no character is refused', () => {
  const decoder = new Cp949Decoder();
  expect(decoder.decode(Uint8Array.of(0x41, 0x94), { stream: true })).toBe('A');
  expect(decoder.decode(Uint8Array.of(0xee), { stream: true })).toBe('뷁');
  expect(decoder.decode()).toBe('');
  for (const hex of ['c653', 'ff41', '80', 'b0', 'b020']) expect(() => decode(hex), hex).toThrow(TypeError);
});

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TunebenchError } from '../../../../src-main/contract/errors/index.ts';
import { bytesOf, toFloat32 } from '../../../../src-main/engine/formats/elementTypes.ts';
import {
  type TensorToWrite,
  openSafetensors,
  writeSafetensors,
} from '../../../../src-main/engine/formats/safetensors.ts';
import { collector, sourceOf } from '../memoryFiles.ts';

const recorded = new URL('../../../reference/recorded/safetensors/', import.meta.url);

/** A file with this header text, followed by `dataSize` zero bytes. */
function fileWith(header: string, dataSize = 0): Uint8Array {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length + dataSize);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}

function refusal(bytes: Uint8Array): { code: string; message: string } {
  const source = sourceOf(bytes);
  try {
    openSafetensors(source, 'weights.safetensors');
  } catch (error) {
    if (!(error instanceof TunebenchError)) throw error;
    expect(source.isClosed()).toBe(true);
    return { code: error.code, message: error.message };
  }
  return { code: 'accepted', message: '' };
}

function written(tensors: TensorToWrite[], metadata?: Record<string, string>): Uint8Array {
  const sink = collector();
  writeSafetensors(sink, tensors, metadata);
  return sink.bytes();
}

const entry = (begin: number, end: number, shape = [(end - begin) / 4], dtype = 'F32') =>
  JSON.stringify({ dtype, shape, data_offsets: [begin, end] });

describe('what is refused', () => {
  const cases: [string, Uint8Array, string][] = [
    ['a file shorter than its length field', new Uint8Array(7), 'safetensors.tooSmall'],
    ['a header above the limit', new Uint8Array(8).fill(0xff), 'safetensors.headerTooLarge'],
    ['a header longer than the file', fileWith('{}   ').slice(0, 11), 'safetensors.headerCut'],
    ['a header that begins with a space', fileWith(' {}'), 'safetensors.headerNotJson'],
    ['a header that is no JSON', fileWith('{"a":'), 'safetensors.headerNotJson'],
    [
      'a header that is no UTF-8',
      fileWith('{"a":1}').map((byte) => (byte === 0x61 ? 0xff : byte)),
      'safetensors.headerNotJson',
    ],
    ['one name twice', fileWith(`{"a":${entry(0, 4)},"a":${entry(0, 4)}}`, 4), 'safetensors.duplicateName'],
    [
      'one name twice, spelled differently',
      fileWith(`{"a":${entry(0, 4)},"\\u0061":${entry(0, 4)}}`, 4),
      'safetensors.duplicateName',
    ],
    [
      'one field twice',
      fileWith('{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}', 4),
      'safetensors.duplicateName',
    ],
    ['metadata that is no table of texts', fileWith('{"__metadata__":{"n":1}}'), 'safetensors.badMetadata'],
    ['an entry that is no table', fileWith('{"a":1}'), 'safetensors.badEntry'],
    ['a missing type', fileWith('{"a":{"shape":[1],"data_offsets":[0,4]}}', 4), 'safetensors.badEntry'],
    ['a negative length', fileWith(`{"a":${entry(0, 4, [-1])}}`, 4), 'safetensors.badEntry'],
    ['a fractional length', fileWith(`{"a":${entry(0, 4, [0.5])}}`, 4), 'safetensors.badEntry'],
    ['offsets in reverse', fileWith(`{"a":${entry(4, 0, [1])}}`, 4), 'safetensors.badEntry'],
    ['an unknown type', fileWith(`{"a":${entry(0, 4, [1], 'F31')}}`, 4), 'safetensors.unknownType'],
    [
      'a shape that overflows',
      fileWith(`{"a":${entry(0, 0, [2 ** 30, 2 ** 30, 0])}}`),
      'safetensors.shapeTooLarge',
    ],
    ['a shape that needs more bytes', fileWith(`{"a":${entry(0, 4, [2])}}`, 4), 'safetensors.wrongLength'],
    ['data that was cut off', fileWith(`{"a":${entry(0, 8)}}`, 7), 'safetensors.outside'],
    ['an overlap', fileWith(`{"a":${entry(0, 8)},"b":${entry(4, 12)}}`, 12), 'safetensors.overlap'],
    ['a hole', fileWith(`{"a":${entry(0, 4)},"b":${entry(8, 12)}}`, 12), 'safetensors.hole'],
    ['bytes behind the last tensor', fileWith(`{"a":${entry(0, 4)}}`, 5), 'safetensors.trailing'],
  ];
  it.each(cases)('%s', (_, bytes, code) => {
    const { code: found, message } = refusal(bytes);
    expect(found).toBe(code);
    expect(message).toContain('weights.safetensors');
    expect(message).not.toMatch(/\{\w+\}/);
  });
});

describe('what is accepted', () => {
  it('a file without tensors', () => {
    expect(refusal(fileWith('{}'))).toEqual({ code: 'accepted', message: '' });
  });

  it('tensors without elements, between others', () => {
    const file = fileWith(
      `{"a":${entry(0, 4)},"empty":${entry(4, 4, [0, 3])},"b":${entry(4, 8)}, "none":${entry(8, 8, [0])} }`,
      8,
    );
    const { tensors } = openSafetensors(sourceOf(file), 'file');
    expect([...tensors.keys()].sort()).toEqual(['a', 'b', 'empty', 'none']);
  });

  it('names such as __proto__', () => {
    const { tensors } = openSafetensors(sourceOf(fileWith(`{"__proto__":${entry(0, 4)}}`, 4)), 'file');
    expect(tensors.get('__proto__')?.length).toBe(4);
  });
});

it('reads what the official library wrote, in every element type', () => {
  const file = openSafetensors(sourceOf(readFileSync(new URL('types.safetensors', recorded))), 'types');
  const expected = JSON.parse(readFileSync(new URL('types.json', recorded), 'utf8'));
  expect(file.metadata).toEqual({ note: 'é한' });
  const read = Object.fromEntries(
    [...file.tensors.values()].map((tensor) => [
      tensor.name,
      { shape: tensor.shape, values: [...toFloat32(file.read(tensor), tensor.type)] },
    ]),
  );
  expect(read).toEqual(expected);
});

it('writes the same bytes as the official library', () => {
  const bytes = new Uint8Array(readFileSync(new URL('types.safetensors', recorded)));
  const file = openSafetensors(sourceOf(bytes), 'types');
  const tensors = [...file.tensors.values()].map((tensor) => ({ ...tensor, bytes: () => file.read(tensor) }));
  const metadata = { ...file.metadata };
  expect(written(tensors.reverse(), metadata)).toEqual(bytes);
});

const tensorLists = fc.uniqueArray(fc.string({ unit: 'binary' }), { maxLength: 6 }).chain((names) =>
  fc.tuple(
    ...names
      .filter((name) => name !== '__metadata__')
      .map((name) =>
        fc
          .record({
            shape: fc.array(fc.nat(4), { maxLength: 3 }),
            type: fc.constantFrom('F32' as const, 'BF16' as const, 'U8' as const),
          })
          .map((shape) => ({ name, ...shape })),
      ),
  ),
);

it('reads back whatever it writes', () => {
  fc.assert(
    fc.property(tensorLists, (list) => {
      const sizes = { F32: 4, BF16: 2, U8: 1 };
      const tensors = list.map(({ name, shape, type }, index) => {
        const size = shape.reduce((product, length) => product * length, sizes[type]);
        return { name, shape, type, bytes: () => new Uint8Array(size).fill(index + 1) };
      });
      const bytes = written(tensors);
      expect(bytes[0]).toSatisfy((low: number) => low % 8 === 0);
      const file = openSafetensors(sourceOf(bytes), 'file');
      expect(file.tensors.size).toBe(tensors.length);
      for (const tensor of tensors) {
        const found = file.tensors.get(tensor.name);
        expect(found).toMatchObject({ shape: tensor.shape, type: tensor.type });
        if (found) expect(file.read(found)).toEqual(tensor.bytes());
      }
    }),
  );
});

it('never reads a changed file wrongly: it refuses it, or every tensor still lies inside', () => {
  const original = written([
    { name: 'a', type: 'F32', shape: [2, 2], bytes: () => bytesOf(new Float32Array([1, 2, 3, 4])) },
    { name: 'b', type: 'U8', shape: [3], bytes: () => new Uint8Array([7, 8, 9]) },
  ]);
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(original.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
      fc.nat(original.length),
      (changes, length) => {
        const bytes = original.slice(0, length);
        for (const [place, value] of changes) if (place < length) bytes[place] = value;
        try {
          const file = openSafetensors(sourceOf(bytes), 'file');
          for (const tensor of file.tensors.values()) file.read(tensor);
        } catch (error) {
          expect(error).toBeInstanceOf(TunebenchError);
        }
      },
    ),
    { numRuns: 3000 },
  );
});

it('refuses to write a tensor whose bytes do not fit its shape', () => {
  const bytes = () => new Uint8Array(3);
  expect(() => written([{ name: 'a', type: 'F32', shape: [1], bytes }])).toThrow('gave 3 bytes where 4');
});

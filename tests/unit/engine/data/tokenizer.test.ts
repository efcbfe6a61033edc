import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { loadTokenizer, shareRoom } from '../../../../src-main/engine/data/tokenizer.ts';
import { MemoryFiles } from '../memoryFiles.ts';
import { projectRoot } from '../testBackend.ts';

const folder = join(projectRoot, 'tests/reference/recorded/tokenizers');
const ids = z.array(z.number());
const recorded = z
  .array(
    z.object({
      name: z.string(),
      cases: z.array(
        z.object({
          text: z.string(),
          pair: z.string().nullable(),
          maximumLength: z.number().nullable(),
          ids,
          typeIds: ids,
        }),
      ),
      decoded: z.array(z.object({ ids, text: z.string() })),
    }),
  )
  .parse(JSON.parse(readFileSync(join(folder, 'encodings.json'), 'utf8')));

const load = (name: string) => {
  const files = new MemoryFiles().load(join(folder, name), name);
  return loadTokenizer(files, name);
};

describe.each(recorded)('$name tokenizer', ({ name, cases, decoded }) => {
  const tokenizer = load(name);

  it.each(cases)('encodes "$text" + $pair within $maximumLength as the Rust library', (expected) => {
    const { text, pair, maximumLength } = expected;
    const encoded = tokenizer.encode(text, {
      pair: pair ?? undefined,
      maximumLength: maximumLength ?? undefined,
    });
    expect(encoded.ids).toEqual(expected.ids);
    expect(encoded.typeIds).toEqual(expected.typeIds);
    if (maximumLength === null) expect(encoded.truncated).toBe(false);
  });

  it('decodes what it encoded', () => {
    for (const { ids: encoded, text } of decoded) expect(tokenizer.decode(encoded)).toBe(text);
  });
});

describe('loadTokenizer', () => {
  it('names the folder that has no tokenizer.json', () => {
    expect(() => loadTokenizer(new MemoryFiles().put('model/config.json', '{}'), 'model')).toThrow(
      /folder model has no tokenizer\.json/,
    );
  });

  it('makes a tokenizer of the vocab.txt of an older BERT', () => {
    const path = join(folder, 'wordpiece', 'tokenizer.json');
    const { vocab } = z
      .object({ model: z.object({ vocab: z.record(z.string(), z.number()) }) })
      .parse(JSON.parse(readFileSync(path, 'utf8'))).model;
    const tokens = Object.keys(vocab).sort((a, b) => Number(vocab[a]) - Number(vocab[b]));
    const files = new MemoryFiles()
      .put('model/vocab.txt', `${tokens.join('\n')}\n`)
      .put('model/tokenizer_config.json', JSON.stringify({ do_lower_case: true }));
    const tokenizer = loadTokenizer(files, 'model');
    const expected = recorded.find(({ name }) => name === 'wordpiece')?.cases ?? [];
    for (const { text, pair, maximumLength, ids: wanted, typeIds } of expected) {
      const options = { pair: pair ?? undefined, maximumLength: maximumLength ?? undefined };
      expect(tokenizer.encode(text, options)).toMatchObject({ ids: wanted, typeIds });
    }
    expect(tokenizer.padId).toBe(vocab['[PAD]']);
    expect(tokenizer.decode(tokenizer.encode('please').ids)).toBe('please');
  });

  it('names the SentencePiece file that must be converted', () => {
    const kobert = new MemoryFiles().put('kobert/vocab.txt', '[UNK]').put('kobert/tokenizer_78b3.model', 'x');
    expect(() => loadTokenizer(kobert, 'kobert')).toThrow(
      /tokenizer_78b3\.model; tokenizer\.json is missing/,
    );
  });

  it('says what is wrong with a broken file', () => {
    const files = new MemoryFiles().put('model/tokenizer.json', '{"model": ');
    expect(() => loadTokenizer(files, 'model')).toThrow(/tokenizer in model cannot be read: tokenizer\.json/);
    const other = new MemoryFiles().put('model/tokenizer.json', '{"model": {"type": "Other"}}');
    expect(() => loadTokenizer(other, 'model')).toThrow(/cannot be read/);
  });

  it('knows special tokens, stop tokens and the chat template', () => {
    const tokenizer = load('bytelevel');
    expect(tokenizer).toMatchObject({ padId: 2, eosId: 1, bosToken: '<s>', eosToken: '</s>', stopIds: [1] });
    expect(tokenizer.chatTemplate).toContain('messages');
    const files = new MemoryFiles()
      .load(join(folder, 'bytelevel'), 'm')
      .put('m/generation_config.json', '{"eos_token_id": [1, 4]}');
    expect(loadTokenizer(files, 'm').stopIds).toEqual([1, 4]);
  });
});

describe('shareRoom', () => {
  it.each([
    [3, 10, 8, [3, 5]],
    [10, 3, 8, [5, 3]],
    [10, 10, 7, [3, 4]],
    [12, 10, 7, [4, 3]],
    [2, 3, 8, [2, 3]],
  ])('%i and %i tokens in %i', (first, second, room, expected) => {
    expect(shareRoom(first, second, room)).toEqual(expected);
  });
});

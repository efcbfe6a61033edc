import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadTokenizer } from '../../../../src-main/engine/data/tokenizer.ts';
import { StopFilter, TokenTextStream } from '../../../../src-main/engine/generate/textStream.ts';
import { MemoryFiles } from '../memoryFiles.ts';
import { projectRoot } from '../testBackend.ts';

const folder = join(projectRoot, 'tests/reference/recorded/tokenizers/bytelevel');
const tokenizer = loadTokenizer(new MemoryFiles().load(folder, 'm'), 'm');

function pieces(text: string, prompt = ''): string[] {
  const stream = new TokenTextStream(tokenizer, prompt === '' ? [] : tokenizer.encode(prompt).ids);
  const { ids } = tokenizer.encode(text, { specialTokens: false });
  return [...ids.map((id) => stream.push(id)), stream.flush()];
}

describe('TokenTextStream', () => {
  it.each(['달빛 아래 걷다 🙂 뷁', 'plain words, then more', '가나다 abc 라마'])(
    'never splits a character: %s',
    (text) => {
      const given = pieces(text);
      expect(given.join('')).toBe(text);
      for (const piece of given) expect(piece).not.toContain('\ufffd');
      expect(given.filter((piece) => piece !== '').length).toBeGreaterThan(2);
    },
  );

  it('gives nothing of the prompt', () => {
    expect(pieces(' please', 'turn it off').join('')).toBe(' please');
  });

  it('gives a broken character only at the end', () => {
    const { ids } = tokenizer.encode('뷁', { specialTokens: false });
    const stream = new TokenTextStream(tokenizer, []);
    expect(stream.push(ids[0] ?? 0)).toBe('');
    expect(stream.flush()).toBe('\ufffd');
  });
});

describe('StopFilter', () => {
  const run = (stops: string[], parts: string[]) => {
    const filter = new StopFilter(stops);
    const given: string[] = [];
    for (const part of parts) {
      given.push(filter.push(part));
      if (filter.stopped) break;
    }
    return { text: given.join('') + filter.flush(), stopped: filter.stopped, given };
  };

  it('ends before a stop string that comes in pieces', () => {
    expect(run(['###'], ['abc#', '#', '# d'])).toMatchObject({ text: 'abc', stopped: true });
  });

  it('gives back what only looked like one', () => {
    const { text, given } = run(['###'], ['abc##', 'd#']);
    expect(text).toBe('abc##d#');
    expect(given).toEqual(['abc', '##d']);
  });

  it('takes the earliest of several', () => {
    expect(run(['끝', '\n'], ['하나\n둘끝'])).toMatchObject({ text: '하나', stopped: true });
  });
});

import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { choosePromptWriter } from '../../../../src-main/engine/data/chatTemplate.ts';
import { maskPrompt, wholeText } from '../../../../src-main/engine/data/completionMask.ts';
import { unlabelled } from '../../../../src-main/engine/data/examples.ts';
import { loadTokenizer } from '../../../../src-main/engine/data/tokenizer.ts';
import { MemoryFiles } from '../memoryFiles.ts';
import { projectRoot } from '../testBackend.ts';

const folder = join(projectRoot, 'tests/reference/recorded/tokenizers/bytelevel');
const tokenizer = loadTokenizer(new MemoryFiles().load(folder, 'm'), 'm');
const eosId = tokenizer.eosId ?? -1;

function labelledText(target: number | readonly number[]): string {
  const ids = typeof target === 'number' ? [] : target.filter((id) => id !== unlabelled && id !== eosId);
  return tokenizer.decode(ids);
}

describe('maskPrompt', () => {
  it.each(['chat', 'instruction', 'plain'] as const)(
    'counts only the answer and one end token, %s format',
    (format) => {
      const writer = choosePromptWriter(format, tokenizer);
      const { example } = maskPrompt(tokenizer, writer, '열쇠 어디?', 'In the garden.', 200);
      expect(labelledText(example.target)).toBe('In the garden.');
      const target = typeof example.target === 'number' ? [] : example.target;
      expect(target.filter((id) => id === eosId)).toEqual([eosId]);
      expect(target.at(-1)).toBe(eosId);
      expect(example.ids.filter((id) => id === 0)).toEqual([0]);
      expect(example.ids[0]).toBe(0);
    },
  );

  it('puts the border before a token that spans prompt and answer', () => {
    const writer = {
      specialTokens: true,
      writePrompt: () => 'The gar',
      writeExample: () => 'The garden keys',
    };
    const { example } = maskPrompt(tokenizer, writer, '', '', 200);
    const target = typeof example.target === 'number' ? [] : example.target;
    const first = target.findIndex((id) => id !== unlabelled);
    const promptIds = tokenizer.encode('The gar').ids;
    expect(promptIds.slice(0, first)).toEqual(example.ids.slice(0, first));
    expect(promptIds[first]).not.toBe(example.ids[first]);
    expect(labelledText(target)).toContain('garden keys');
  });

  it('says when nothing is left to learn', () => {
    const writer = choosePromptWriter('plain', tokenizer);
    const cut = maskPrompt(tokenizer, writer, 'The kettle is boiling', 'yes', 4);
    expect(cut).toMatchObject({ truncated: true, labelledTokens: 0 });
  });
});

describe('wholeText', () => {
  it('counts every token but the first', () => {
    const { example, labelledTokens } = wholeText(tokenizer, 'Turn off the kettle', 200);
    expect(labelledTokens).toBe(example.ids.length - 1);
    expect(example.ids.at(-1)).toBe(eosId);
  });
});

describe('choosePromptWriter', () => {
  it('renders the chat template, without a second BOS', () => {
    const writer = choosePromptWriter('automatic', tokenizer);
    expect(writer.specialTokens).toBe(false);
    expect(writer.writePrompt('안녕')).toBe('<s><|user|>안녕<|assistant|>');
    expect(writer.writeExample('안녕', '네')).toBe('<s><|user|>안녕<|assistant|>네</s>');
  });

  it('refuses chat where there is no template, and a broken template with its reason', () => {
    expect(() => choosePromptWriter('chat', { ...tokenizer, chatTemplate: null })).toThrow(
      /no chat template/,
    );
    expect(choosePromptWriter('automatic', { ...tokenizer, chatTemplate: null }).writePrompt('a')).toContain(
      '### Instruction',
    );
    expect(() => choosePromptWriter('chat', { ...tokenizer, chatTemplate: '{% if %}' })).toThrow(
      /cannot be used/,
    );
  });
});

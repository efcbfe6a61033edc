import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { choosePromptWriter } from '../../../../src-main/engine/data/chatTemplate.ts';
import { maskMessages, maskPrompt, wholeText } from '../../../../src-main/engine/data/completionMask.ts';
import { unlabelled } from '../../../../src-main/engine/data/examples.ts';
import { readMessages } from '../../../../src-main/engine/data/messages.ts';
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
      writeMessages: () => '',
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
    const [masked] = wholeText(tokenizer, 'Turn off the kettle', 200);
    if (!masked) expect.fail();
    expect(masked.labelledTokens).toBe(masked.example.ids.length - 1);
    expect(masked.example.ids.at(-1)).toBe(eosId);
  });

  it('leaves nothing of a long text out', () => {
    const text = 'Turn off the kettle, then open the garden gate';
    const parts = wholeText(tokenizer, text, 7);
    expect(parts.length).toBeGreaterThan(1);
    expect(parts.flatMap(({ example }) => example.ids)).toEqual([...tokenizer.encode(text).ids, eosId]);
    expect(parts.every(({ example, truncated }) => example.ids.length <= 7 && !truncated)).toBe(true);
  });
});

describe('maskMessages', () => {
  const messages = [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: '열쇠 어디?' },
    { role: 'assistant', content: 'In the garden.' },
    { role: 'user', content: 'Which gate?' },
    { role: 'assistant', content: 'The kettle gate.' },
  ];

  it.each(['chat', 'instruction', 'plain'] as const)(
    'counts only what the assistant says, %s format',
    (format) => {
      const writer = choosePromptWriter(format, tokenizer);
      const { example, labelledTokens } = maskMessages(tokenizer, writer, messages, 400);
      const said = labelledText(example.target);
      expect(said.replaceAll(/\s+/g, ' ').trim()).toMatch(/^In the garden\. ?The kettle gate\.$/);
      expect(example.ids.at(-1)).toBe(eosId);
      if (typeof example.target === 'number') expect.fail();
      expect(example.target.at(-1)).toBe(eosId);
      expect(labelledTokens).toBe(example.target.filter((id) => id !== unlabelled).length);
    },
  );

  it('teaches one answer as maskPrompt does', () => {
    for (const format of ['chat', 'instruction', 'plain'] as const) {
      const writer = choosePromptWriter(format, tokenizer);
      const one = maskMessages(tokenizer, writer, messages.slice(1, 3), 400);
      expect(one).toEqual(maskPrompt(tokenizer, writer, '열쇠 어디?', 'In the garden.', 400));
    }
  });

  it('reads conversations as OpenAI and ShareGPT write them', () => {
    const shareGpt = '[{"from":"human","value":"a"},{"from":"gpt","value":"b"}]';
    expect(readMessages(shareGpt)).toEqual([
      { role: 'user', content: 'a' },
      { role: 'assistant', content: 'b' },
    ]);
    expect(readMessages('[{"role":"user","content":"a"}]')).toEqual([{ role: 'user', content: 'a' }]);
    expect(readMessages('[1]')).toBeNull();
    expect(readMessages('no list')).toBeNull();
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

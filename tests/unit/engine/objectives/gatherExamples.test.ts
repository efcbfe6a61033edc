import { expect, test } from 'vitest';
import type { Example } from '../../../../src-main/engine/data/examples.ts';
import { gatherExamples } from '../../../../src-main/engine/objectives/gatherExamples.ts';

test('rows count once, however many examples they give; those that give none are skipped', () => {
  const rows = ['', 'ab', 'c'].map((text) => ({ text, split: 'train' as const }));
  const exampleOf = (id: number): Example => ({ ids: [id], typeIds: null, target: 0 });
  const gathered = gatherExamples(rows, ({ text }) =>
    Array.from(text, (letter) => ({ example: exampleOf(letter.charCodeAt(0)), truncated: text.length > 1 })),
  );
  expect(gathered).toEqual({ examples: [97, 98, 99].map(exampleOf), cut: 1, skipped: 1 });
});

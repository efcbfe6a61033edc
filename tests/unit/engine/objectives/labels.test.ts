import { describe, expect, it } from 'vitest';
import { namedStream } from '../../../../src-main/engine/data/random.ts';
import { weighClasses } from '../../../../src-main/engine/objectives/commonOptions.ts';
import { maskTokens } from '../../../../src-main/engine/objectives/maskTokens.ts';
import { splitLabels } from '../../../../src-main/engine/objectives/multiLabel.ts';
import { startMultiLabelScore } from '../../../../src-main/engine/objectives/multiLabelScore.ts';

describe('several labels in one cell', () => {
  it.each([
    ['["a, b", "c"]', ['a, b', 'c']],
    ['a, b ,,c', ['a', 'b', 'c']],
    ['[]', []],
    ['[draft], final', ['[draft]', 'final']],
  ])('%s', (cell, expected) => expect(splitLabels(cell, ',')).toEqual(expected));

  it('are scored as scikit-learn scores them', () => {
    const score = startMultiLabelScore(['a', 'b', 'c']);
    score.add(1, [[0, 1], [2], []], [[0], [1, 2], []]);
    // f1_score([[1,0,0],[0,1,1],[0,0,0]], [[1,1,0],[0,0,1],[0,0,0]], average="micro" | "macro"), accuracy_score
    const { metrics } = score.finish();
    expect(metrics['microF1']).toBeCloseTo(2 / 3, 12);
    expect(metrics['macroF1']).toBeCloseTo(2 / 3, 12);
    expect(metrics['exactMatch']).toBeCloseTo(1 / 3, 12);
  });
});

it('balanced class weights are those of scikit-learn', () => {
  // compute_class_weight("balanced", classes=[0, 1], y=[0, 0, 0, 1])
  expect(weighClasses('balanced', [0, 0, 0, 1])).toEqual(
    new Map([
      [0, 4 / 6],
      [1, 2],
    ]),
  );
  expect(weighClasses('none', [0, 1]).size).toBe(0);
});

describe('masks', () => {
  const ids = Array.from({ length: 1000 }, (_, index) => 100 + index);
  const text = { ids: [1, ...ids, 2], groups: ids.map((_, index) => [index + 1]) };
  const settings = { maskId: 3, vocabularySize: 5000, share: 0.15 };

  it('hide the same number each time: 80 % masks, 10 % other tokens, 10 % as they were', () => {
    for (const part of [0, 1]) {
      const { ids: shown, target } = maskTokens(text, settings, namedStream(4, 'test', part));
      if (typeof target === 'number') expect.fail();
      const chosen = target.flatMap((id, place) => (id === -100 ? [] : [place]));
      expect(chosen).toHaveLength(150);
      expect(chosen.every((place) => target[place] === text.ids[place])).toBe(true);
      const hidden = chosen.filter((place) => shown[place] === 3).length;
      const kept = chosen.filter((place) => shown[place] === text.ids[place]).length;
      expect(hidden).toBeGreaterThan(100);
      expect(hidden).toBeLessThan(140);
      expect(kept).toBeGreaterThan(4);
      expect(150 - hidden - kept).toBeGreaterThan(4);
      expect(shown.every((id, place) => id === text.ids[place] || target[place] !== -100)).toBe(true);
    }
  });

  it('are another draw for another row or epoch, and the same for the same', () => {
    const draw = (part: number) => maskTokens(text, settings, namedStream(4, 'test', part)).ids;
    expect(draw(0)).toEqual(draw(0));
    expect(draw(0)).not.toEqual(draw(1));
  });

  it('hide a word whole', () => {
    const words = {
      ids: [1, 10, 11, 12, 13, 2],
      groups: [
        [1, 2],
        [3, 4],
      ],
    };
    const { target } = maskTokens(words, { ...settings, share: 0.5 }, namedStream(1, 'words'));
    expect([
      [-100, 10, 11, -100, -100, -100],
      [-100, -100, -100, 12, 13, -100],
    ]).toContainEqual(target);
  });
});

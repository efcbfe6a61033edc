import { type Example, unlabelled } from '../data/examples.ts';
import { type NamedStream, shuffledOrder } from '../data/random.ts';

/** A text whose tokens are to be hidden. */
export interface MaskableText {
  readonly ids: readonly number[];
  /** Indices of the tokens that are hidden together: one token each, or those of a word. */
  readonly groups: readonly (readonly number[])[];
}

export interface MaskSettings {
  readonly maskId: number;
  readonly vocabularySize: number;
  /** Share of the tokens to predict. */
  readonly share: number;
}

/** Draws are numbered: what one token gets does not depend on which others were chosen. */
const drawsPerToken = 2;

/** Of 10 chosen tokens 8 are hidden, one is another token, and one stays as it is (https://arxiv.org/abs/1810.04805). */
function replace(
  id: number,
  { maskId, vocabularySize }: MaskSettings,
  draw: NamedStream,
  at: number,
): number {
  const chance = draw.uniform(at);
  if (chance < 0.8) return maskId;
  return chance < 0.9 ? draw.integer(at + 1, vocabularySize) : id;
}

/**
 * A text with some of its tokens to predict: always the same number of them, at least one where there is any.
 * @param draw decides which ones and what stands in their places
 */
export function maskTokens(
  { ids, groups }: MaskableText,
  settings: MaskSettings,
  draw: NamedStream,
): Example {
  const count = groups.reduce((sum, { length }) => sum + length, 0);
  const wanted = Math.max(1, Math.round(settings.share * count));
  const shown = [...ids];
  const target = ids.map(() => unlabelled);
  let chosen = 0;
  const tokenDraws = groups.length;
  for (const index of shuffledOrder(groups.length, draw)) {
    const group = groups[index] ?? [];
    if (chosen >= wanted) break;
    // A word too many would change how much a text counts.
    if (chosen > 0 && chosen + group.length > wanted) continue;
    for (const place of group) {
      const id = ids[place] ?? 0;
      target[place] = id;
      shown[place] = replace(id, settings, draw, tokenDraws + drawsPerToken * place);
      chosen++;
    }
  }
  return { ids: shown, typeIds: null, target };
}

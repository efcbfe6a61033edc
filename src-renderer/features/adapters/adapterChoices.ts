import type { AdapterChoice } from '../../../src-main/contract/adapters.ts';

/** Puts an adapter on top of those that are chosen. */
export function addAdapter(chosen: readonly AdapterChoice[], id: string): AdapterChoice[] {
  return chosen.some((choice) => choice.id === id) ? [...chosen] : [...chosen, { id, weight: 1 }];
}

export function removeAdapter(chosen: readonly AdapterChoice[], id: string): AdapterChoice[] {
  return chosen.filter((choice) => choice.id !== id);
}

export function weighAdapter(chosen: readonly AdapterChoice[], id: string, weight: number): AdapterChoice[] {
  return chosen.map((choice) => (choice.id === id ? { id, weight } : choice));
}

/** Lets an adapter work one place earlier. */
export function moveUp(chosen: readonly AdapterChoice[], id: string): AdapterChoice[] {
  const place = chosen.findIndex((choice) => choice.id === id);
  const moved = chosen[place];
  if (place < 1 || moved === undefined) return [...chosen];
  const others = removeAdapter(chosen, id);
  return [...others.slice(0, place - 1), moved, ...others.slice(place - 1)];
}

/** What a weight may be. */
export function isWeight(value: unknown): value is number {
  return typeof value === 'number' && value >= -10 && value <= 10;
}

export function sameChoices(a: readonly AdapterChoice[], b: readonly AdapterChoice[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

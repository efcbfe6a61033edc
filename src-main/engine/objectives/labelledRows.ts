import type { Tensor } from '../autodiff/tensor.ts';
import { type Example, unlabelled } from '../data/examples.ts';
import { type TextLengths, textStarts } from '../models/sight.ts';
import { gatherRows, indicesFrom, reshape } from '../ops/index.ts';

/** An example's targets where it has one per token. */
export function tokenTargets({ target }: Example): readonly number[] {
  return typeof target === 'number' ? [] : target;
}

export function countLabelled(targets: readonly number[]): number {
  return targets.reduce((count, target) => (target === unlabelled ? count : count + 1), 0);
}

/**
 * Rows of `hidden` `[batch, time, width]`, or packed `[1, Σ lengths, width]`, whose target counts → `[counted, width]`,
 * and those targets.
 * @param targetsOf one target for each of an example's first tokens
 */
export function selectLabelled(
  hidden: Tensor,
  batch: TextLengths,
  examples: readonly Example[],
  targetsOf: (example: Example) => readonly number[],
): { rows: Tensor; targets: number[] } {
  const [count = 0, time = 0, width = 0] = hidden.shape;
  const starts = textStarts(batch, time);
  const positions: number[] = [];
  const targets: number[] = [];
  examples.forEach((example, row) => {
    targetsOf(example).forEach((target, position) => {
      if (target === unlabelled) return;
      positions.push((starts[row] ?? 0) + position);
      targets.push(target);
    });
  });
  const flat = reshape(hidden, [count * time, width]);
  return { rows: gatherRows(flat, indicesFrom(hidden.backend, positions)), targets };
}

import type { Tensor } from '../autodiff/tensor.ts';
import { type MemberChoice, memberCount } from '../models/hooks.ts';
import type { Model } from '../models/model.ts';
import { argMax, softmax } from '../ops/index.ts';

// Class logits of a model that several prompts stand before, one member's rows after the other's, as one answer for each
// row (https://arxiv.org/abs/2104.08691, §6).

/** Something said of each row, for the rows of every member. */
export function forEachMember<Item>({ hooks }: Model, ofRows: readonly Item[]): Item[] {
  return Array<readonly Item[]>(memberCount(hooks)).fill(ofRows).flat();
}

/** How little the mean counts beside a whole vote: it decides between equal ones. */
const tieBreak = 1e-3;

/**
 * What members think of one row, as one probability for each class.
 * @param members their probabilities
 */
export function joinMembers(members: readonly (readonly number[])[], choose: MemberChoice): number[] {
  const [first = []] = members;
  const means = first.map(
    (_, label) => members.reduce((sum, own) => sum + (own[label] ?? 0), 0) / members.length,
  );
  switch (choose) {
    case 'mean':
      return means;
    case 'vote': {
      const votes = members.map((own) => own.indexOf(Math.max(...own)));
      return means.map((mean, label) => {
        const share = votes.filter((vote) => vote === label).length / members.length;
        return (share + tieBreak * mean) / (1 + tieBreak);
      });
    }
    default:
      return choose satisfies never;
  }
}

/** Class logits `[members · rows, classes]` → probabilities, row by row. */
export function probabilities({ hooks }: Model, logits: Tensor): number[] {
  const values = Array.from(softmax(logits).values(), Number);
  const ensemble = hooks.prompt?.members;
  if (!ensemble) return values;
  const [all = 0, classes = 0] = logits.shape;
  const rows = all / ensemble.count;
  return Array.from({ length: rows }, (_, row) => {
    const members = Array.from({ length: ensemble.count }, (__, member) => {
      const start = (member * rows + row) * classes;
      return values.slice(start, start + classes);
    });
    return joinMembers(members, ensemble.choose);
  }).flat();
}

/** The class of each row. */
export function choices(model: Model, logits: Tensor): number[] {
  if (!model.hooks.prompt?.members) return Array.from(argMax(logits).values(), Number);
  const [, classes = 1] = logits.shape;
  const found = probabilities(model, logits);
  return Array.from({ length: found.length / classes }, (_, row) => {
    const own = found.slice(row * classes, (row + 1) * classes);
    return own.indexOf(Math.max(...own));
  });
}

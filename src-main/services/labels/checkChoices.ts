import { type Problem, describeProblem } from '../../contract/errors/index.ts';
import { keyProblems } from '../../contract/labelKeys.ts';
import {
  type LabelChoice,
  type LabellingState,
  type LabellingTask,
  fixedLabels,
} from '../../contract/labels.ts';

/** What speaks against these labels and keys: names twice, labels that cannot go, keys that are taken. */
export function checkChoices(
  task: LabellingTask,
  labels: readonly LabelChoice[],
  { byLabel }: Pick<LabellingState, 'byLabel'>,
): Problem[] {
  const names = new Set(labels.map(({ name }) => name));
  const problems: Problem[] = [];
  const repeated = labels.find(({ name }, index) => labels.findIndex((other) => other.name === name) < index);
  if (repeated !== undefined) problems.push(describeProblem('labels.sameName', { label: repeated.name }));
  const fixed = fixedLabels[task];
  if (fixed !== undefined && (names.size !== fixed.length || !fixed.every((name) => names.has(name)))) {
    problems.push(describeProblem('labels.fixedLabels'));
  }
  for (const clash of keyProblems(labels)) problems.push(describeProblem('labels.keyTaken', clash));
  for (const { name, count } of byLabel) {
    if (!names.has(name)) problems.push(describeProblem('labels.labelInUse', { label: name, count }));
  }
  return problems;
}

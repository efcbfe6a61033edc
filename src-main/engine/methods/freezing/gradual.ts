import type { Parameter } from '../../autodiff/tensor.ts';
import type { ModelOutline } from '../../models/outline.ts';
import { measureDepths } from '../blockDepth.ts';
import type { Course } from '../method.ts';

/** Weights that are released together, the uppermost first. */
function groupByDepth(outline: ModelOutline, parameters: readonly Parameter[]): Parameter[][] {
  const depths = measureDepths(outline);
  const depthOf = ({ name }: Parameter) => depths.get(name) ?? 0;
  const used = [...new Set(parameters.map(depthOf))].sort((a, b) => b - a);
  return used.map((depth) => parameters.filter((parameter) => depthOf(parameter) === depth));
}

/**
 * Gradual unfreezing (https://arxiv.org/abs/1801.06146): the first updates change only what stands above the blocks, and
 * one more block from the top joins after every `everySteps` updates.
 */
export function unfreezeGradually(
  outline: ModelOutline,
  parameters: readonly Parameter[],
  everySteps: number,
): Course {
  const groups = groupByDepth(outline, parameters);
  return {
    beforeUpdate(step) {
      const released = 1 + Math.floor((step - 1) / everySteps);
      groups.forEach((group, index) => {
        for (const parameter of group) parameter.trainable = index < released;
      });
    },
  };
}

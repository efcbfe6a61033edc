import type { Tensor } from '../autodiff/tensor.ts';
import type { Network } from './architecture.ts';
import { applyDropout, applyLinear, firstToken } from './layers.ts';
import type { ModelLayout } from './layout.ts';
import type { Weights } from './weights.ts';

/** Declares the classification head of two layers that RoBERTa and ELECTRA have. */
export function declareDenseHead(layout: ModelLayout, hiddenSize: number, labelCount: number): void {
  layout.linear('classifier.dense', hiddenSize, hiddenSize, { optional: true });
  layout.linear('classifier.out_proj', hiddenSize, labelCount, { optional: true });
  layout.headModules.push('classifier');
}

/** → `classify`: both layers on the first token, with dropout before each. */
export function buildDenseHead(
  weights: Weights,
  dropout: number,
  activation: (x: Tensor) => Tensor,
): Network['classify'] {
  const dense = weights.linear('classifier.dense');
  const outProjection = weights.linear('classifier.out_proj');
  return (hidden, _, pass) => {
    const token = applyDropout(firstToken(hidden), dropout, pass);
    const inner = applyDropout(activation(applyLinear(dense, token, pass)), dropout, pass);
    return applyLinear(outProjection, inner, pass);
  };
}

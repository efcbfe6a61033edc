import type { Tensor } from '../autodiff/tensor.ts';
import type { EncoderHeads } from './encoderHeads.ts';
import { applyDropout, applyLinear, firstToken } from './layers.ts';

/** The classification head of two layers that RoBERTa and ELECTRA have: both on the first token, with dropout before each. */
export function denseHead(
  hiddenSize: number,
  dropout: number,
  activation: (x: Tensor) => Tensor,
): EncoderHeads['classes'] {
  return {
    declare(layout, labelCount) {
      layout.linear('classifier.dense', hiddenSize, hiddenSize, { optional: true });
      layout.linear('classifier.out_proj', hiddenSize, labelCount, { optional: true });
      layout.headModules.push('classifier');
    },
    build(weights) {
      const dense = weights.linear('classifier.dense');
      const outProjection = weights.linear('classifier.out_proj');
      return (hidden, _, pass) => {
        const token = applyDropout(firstToken(hidden), dropout, pass);
        const inner = applyDropout(activation(applyLinear(dense, token, pass)), dropout, pass);
        return applyLinear(outProjection, inner, pass);
      };
    },
  };
}

import type { Handle } from './backend.ts';
import type { FusedAttentionOptions } from './fused.ts';
import { dropoutThreshold } from './philox.ts';
import {
  type OperationAttribute,
  booleanAttribute,
  integerAttribute,
  nativeTypes,
  typeAttribute,
} from './tensorflowBinding.ts';

/** `TF_ATTR_FLOAT` of tensorflow/c/tf_attrtype.h. */
export const floatAttribute = (name: string, value: number): OperationAttribute => ({ name, type: 2, value });

export const outputTypes = {
  float32: typeAttribute('U', nativeTypes.float32),
  bfloat16: typeAttribute('U', nativeTypes.bfloat16),
};

export const transposeAttributes = [0, 1, 2, 3].map((which) => [
  booleanAttribute('transposeA', which >= 2),
  booleanAttribute('transposeB', which % 2 === 1),
]);

export function floatType(x: Handle): 'float32' | 'bfloat16' {
  if (x.dtype === 'float32' || x.dtype === 'bfloat16') return x.dtype;
  throw new Error(`A fused operation takes float32 or bfloat16, not ${x.dtype}.`);
}

export function dropoutAttributes(probability: number): readonly OperationAttribute[] {
  const { threshold, factor } = dropoutThreshold(probability);
  return [integerAttribute('dropBelow', threshold), floatAttribute('dropScale', factor)];
}

export function attentionAttributes(options: FusedAttentionOptions): readonly OperationAttribute[] {
  return [
    integerAttribute('heads', options.heads),
    integerAttribute('keyValueHeads', options.keyValueHeads),
    booleanAttribute('timeFirst', options.layout !== 'headsFirst'),
    booleanAttribute('packed', options.layout === 'packed'),
    booleanAttribute('causal', options.causal),
    floatAttribute('scale', options.scale),
    ...dropoutAttributes(options.dropout?.probability ?? 0),
  ];
}

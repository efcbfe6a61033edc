import type { Handle } from './backend.ts';
import type {
  AdamWStepOptions,
  AdamWUpdate,
  FusedAttentionInputs,
  FusedAttentionOptions,
  FusedDropout,
  FusedOperations,
  Nf4Handles,
  NormGradientOptions,
  NormOptions,
  NormStatistics,
  ProductOptions,
} from './fused.ts';
import {
  attentionAttributes,
  dropoutAttributes,
  floatAttribute,
  floatType,
  outputTypes,
  transposeAttributes,
} from './fusedAttributes.ts';
import { FusedCalls, type HandleGate } from './fusedCalls.ts';
import { sizeOf } from './shapes.ts';
import {
  type OperationAttribute,
  booleanAttribute,
  integerAttribute,
  nativeTypes,
} from './tensorflowBinding.ts';

const noAttributes: readonly OperationAttribute[] = [];

/** Multiplications of a product beyond which it no longer counts that the library has to wake its own threads for it. */
const quickMost = 6e8;

/** Fused operations of the kernels in `src-main/native`, which the host has loaded into the process. */
class TensorFlowFused extends FusedCalls implements FusedOperations {
  add(a: Handle, b: Handle): Handle {
    return this.one('TunebenchAdd', noAttributes, [this.id(a), this.id(b)]);
  }

  narrowProduct(x: Handle, weight: Handle, bias: Handle | null, layout: 'outIn' | 'inOut'): Handle {
    const attributes = [booleanAttribute('outputsFirst', layout === 'outIn')];
    return this.one('TunebenchNarrowProduct', attributes, [this.id(x), this.id(weight), this.optional(bias)]);
  }

  isQuick(a: Handle, b: Handle, transposeB: boolean): boolean {
    const columns = b.shape.at(transposeB ? 0 : -1) ?? 0;
    return a.dtype === 'float32' && b.dtype === 'float32' && sizeOf(a.shape) * columns <= quickMost;
  }

  product(
    a: Handle,
    b: Handle,
    { transposeA, transposeB, bias = null, added = null }: ProductOptions,
  ): Handle {
    const attributes = transposeAttributes[(transposeA ? 2 : 0) + (transposeB ? 1 : 0)] ?? noAttributes;
    const inputs = [this.id(a), this.id(b), this.optional(bias), this.optional(added)];
    return this.one('TunebenchProduct', attributes, inputs);
  }

  gelu(x: Handle, bias: Handle | null, form: 'erf' | 'tanh'): Handle {
    const attributes = [booleanAttribute('tanh', form === 'tanh')];
    return this.one('TunebenchGelu', attributes, [this.id(x), this.optional(bias)]);
  }

  geluGradient(gradient: Handle, x: Handle, bias: Handle | null, form: 'erf' | 'tanh', wantBias: boolean) {
    const attributes = [booleanAttribute('tanh', form === 'tanh'), booleanAttribute('wantBias', wantBias)];
    const inputs = [this.id(gradient), this.id(x), this.optional(bias)];
    const [dx, dbias] = this.run('TunebenchGeluGradient', attributes, inputs, 2);
    return { x: this.wrap(dx), bias: this.wanted(dbias, wantBias) };
  }

  siluGate(gate: Handle, up: Handle): Handle {
    return this.one('TunebenchSiluGate', noAttributes, [this.id(gate), this.id(up)]);
  }

  siluGateGradient(gradient: Handle, gate: Handle, up: Handle) {
    const inputs = [this.id(gradient), this.id(gate), this.id(up)];
    const [dgate, dup] = this.run('TunebenchSiluGateGradient', noAttributes, inputs, 2);
    return { gate: this.wrap(dgate), up: this.wrap(dup) };
  }

  norm(x: Handle, weight: Handle, bias: Handle | null, options: NormOptions) {
    const attributes = [
      outputTypes[options.outputType ?? floatType(x)],
      booleanAttribute('centered', options.centered),
      floatAttribute('epsilon', options.epsilon),
    ];
    const residual = options.residual ?? null;
    const inputs = [this.id(x), this.optional(residual, floatType(x)), this.id(weight), this.optional(bias)];
    const [output, sum, mean, scale] = this.run('TunebenchNorm', attributes, inputs, 4);
    return {
      output: this.wrap(output),
      sum: this.wanted(sum, residual !== null),
      statistics: { mean: this.wanted(mean, options.centered), scale: this.wrap(scale) },
    };
  }

  normGradient(
    gradient: Handle,
    x: Handle,
    weight: Handle,
    statistics: NormStatistics,
    { wantWeight, wantBias, passing = null }: NormGradientOptions,
  ) {
    const attributes = [
      outputTypes[floatType(gradient)],
      booleanAttribute('wantWeight', wantWeight),
      booleanAttribute('wantBias', wantBias),
    ];
    const inputs = [
      this.id(gradient),
      this.id(x),
      this.optional(statistics.mean),
      this.id(statistics.scale),
      this.id(weight),
      this.optional(passing, floatType(x)),
    ];
    const [dx, dweight, dbias] = this.run('TunebenchNormGradient', attributes, inputs, 3);
    return { x: this.wrap(dx), weight: this.wanted(dweight, wantWeight), bias: this.wanted(dbias, wantBias) };
  }

  rope(
    x: Handle,
    cos: Handle,
    sin: Handle,
    { backwards, layout }: { readonly backwards: boolean; readonly layout: 'headsFirst' | 'timeFirst' },
  ): Handle {
    const attributes = [
      booleanAttribute('backwards', backwards),
      booleanAttribute('timeFirst', layout === 'timeFirst'),
    ];
    return this.one('TunebenchRope', attributes, [this.id(x), this.id(cos), this.id(sin)]);
  }

  maskedSoftmax(
    scores: Handle,
    mask: Handle | null,
    { scale, causal }: { readonly scale: number; readonly causal: boolean },
  ): Handle {
    const attributes = [floatAttribute('scale', scale), booleanAttribute('causal', causal)];
    return this.one('TunebenchMaskedSoftmax', attributes, [this.id(scores), this.optional(mask)]);
  }

  maskedSoftmaxGradient(gradient: Handle, probabilities: Handle, scale: number): Handle {
    const inputs = [this.id(gradient), this.id(probabilities)];
    return this.one('TunebenchMaskedSoftmaxGradient', [floatAttribute('scale', scale)], inputs);
  }

  attention(inputs: FusedAttentionInputs, options: FusedAttentionOptions) {
    const [output, logSum] = this.withKey(options.dropout ?? null, (key) =>
      this.run(
        'TunebenchAttention',
        attentionAttributes(options),
        [...this.operands(inputs), ...this.limits(options), key],
        2,
      ),
    );
    return { output: this.wrap(output), logSum: this.wrap(logSum) };
  }

  attentionGradient(
    gradient: Handle,
    inputs: FusedAttentionInputs,
    logSum: Handle,
    options: FusedAttentionOptions,
  ) {
    const [dq, dk, dv] = this.withKey(options.dropout ?? null, (key) =>
      this.run(
        'TunebenchAttentionGradient',
        attentionAttributes(options),
        [this.id(gradient), ...this.operands(inputs), this.id(logSum), ...this.limits(options), key],
        3,
      ),
    );
    const separate = options.layout !== 'packed';
    return { q: this.wrap(dq), k: this.wanted(dk, separate), v: this.wanted(dv, separate) };
  }

  crossEntropy(logits: Handle, labels: Handle, weights: Handle | null) {
    const inputs = [this.id(logits), this.id(labels), this.optional(weights)];
    const [loss, logSum] = this.run('TunebenchCrossEntropy', noAttributes, inputs, 2);
    return { loss: this.wrap(loss), logSum: this.wrap(logSum) };
  }

  crossEntropyGradient(
    gradient: Handle,
    logits: Handle,
    labels: Handle,
    weights: Handle | null,
    logSum: Handle,
    inPlace: boolean,
  ): Handle {
    const ids = [
      this.id(gradient),
      this.id(logits),
      this.id(labels),
      this.optional(weights),
      this.id(logSum),
    ];
    return this.one('TunebenchCrossEntropyGradient', [booleanAttribute('inPlace', inPlace)], ids);
  }

  dropout(x: Handle, draw: FusedDropout): Handle {
    return this.withKey(draw, (key) =>
      this.one('TunebenchDropout', dropoutAttributes(draw.probability), [this.id(x), key]),
    );
  }

  adamW(updates: readonly AdamWUpdate[], options: AdamWStepOptions): void {
    if (updates.length === 0) return;
    const { learningRate, beta1, beta2, epsilon, gradientScale } = options;
    const rows = updates.map(({ step, weightDecay }) => [
      gradientScale,
      1 - learningRate * weightDecay,
      1 - beta1,
      beta2,
      1 - beta2,
      Math.sqrt(1 - beta2 ** step),
      epsilon,
      learningRate / (1 - beta1 ** step),
    ]);
    const settings = Float32Array.from(rows.flat());
    const settingsId = this.gate.binding.createTensor([settings.length], nativeTypes.float32, settings);
    const inputs = [
      ...updates.map(({ weight }) => this.id(weight)),
      ...updates.map(({ gradient }) => this.id(gradient)),
      ...updates.map(({ first }) => this.id(first)),
      ...updates.map(({ second }) => this.id(second)),
      settingsId,
    ];
    try {
      this.run('TunebenchAdamw', [integerAttribute('N', updates.length)], inputs, 0);
    } finally {
      this.gate.binding.deleteTensor(settingsId);
    }
  }

  writeRows(table: Handle, rows: Handle, places: Handle): void {
    this.run('TunebenchWriteRows', noAttributes, [this.id(table), this.id(rows), this.id(places)], 0);
  }

  squaredNorm(tensors: readonly Handle[]): Handle {
    const inputs = tensors.map((tensor) => this.id(tensor));
    return this.one('TunebenchSquaredNorm', [integerAttribute('N', tensors.length)], inputs);
  }

  convert(x: Handle, dtype: 'float32' | 'bfloat16'): Handle {
    return this.one('TunebenchConvert', [outputTypes[dtype]], [this.id(x)]);
  }

  quantizeNf4(x: Handle): Nf4Handles {
    const [codes, scales, nestedScales, offset] = this.run(
      'TunebenchQuantizeNf4',
      noAttributes,
      [this.id(x)],
      4,
    );
    return {
      codes: this.wrap(codes),
      scales: this.wrap(scales),
      nestedScales: this.wrap(nestedScales),
      offset: this.wrap(offset),
    };
  }

  narrowProductNf4(x: Handle, weight: Nf4Handles, outputs: number, bias: Handle | null): Handle {
    const { codes, scales, nestedScales, offset } = weight;
    const inputs = [x, codes, scales, nestedScales, offset].map((input) => this.id(input));
    const attributes = [integerAttribute('outputs', outputs)];
    return this.one('TunebenchNarrowProductNf4', attributes, [...inputs, this.optional(bias)]);
  }

  dequantizeNf4(quantized: Nf4Handles, shape: readonly number[], dtype: 'float32' | 'bfloat16'): Handle {
    const { codes, scales, nestedScales, offset } = quantized;
    const lengths = this.gate.binding.createTensor([shape.length], nativeTypes.int32, Int32Array.from(shape));
    const inputs = [this.id(codes), this.id(scales), this.id(nestedScales), this.id(offset), lengths];
    try {
      return this.one('TunebenchDequantizeNf4', [outputTypes[dtype]], inputs);
    } finally {
      this.gate.binding.deleteTensor(lengths);
    }
  }

  private operands({ q, k, v }: FusedAttentionInputs): number[] {
    const dtype = floatType(q);
    return [this.id(q), this.optional(k, dtype), this.optional(v, dtype)];
  }

  private limits({ mask = null, ranges = null }: FusedAttentionOptions): number[] {
    return [this.optional(mask), this.optional(ranges, 'int32')];
  }
}

/** The fused operations. Only where the kernels were loaded after libtensorflow and tensors live on the processor. */
export function createFusedOperations(gate: HandleGate): FusedOperations {
  return new TensorFlowFused(gate);
}

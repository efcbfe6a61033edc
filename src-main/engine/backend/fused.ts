import type { Handle } from './backend.ts';

/** What a norm's gradient needs again. `mean` is null for a norm that does not centre. All `[rows]`, float32. */
export interface NormStatistics {
  readonly mean: Handle | null;
  /** 1/√(variance + ε). */
  readonly scale: Handle;
}

export interface NormOptions {
  /** True for layer norm, false for RMS norm. */
  readonly centered: boolean;
  readonly epsilon: number;
  /** Added to x first; the sum comes out too. Shape and type of x. */
  readonly residual?: Handle | null;
  /** Of the output; that of x when left out. */
  readonly outputType?: 'float32' | 'bfloat16';
}

export interface NormGradientOptions {
  readonly wantWeight: boolean;
  readonly wantBias: boolean;
  /** A gradient that reaches x (or the sum with the residual) by another way: added to that of x. Type of x. */
  readonly passing?: Handle | null;
}

/** A draw of dropout: drops what `Backend.dropoutFactors` drops for the same shape, seed and stream. */
export interface FusedDropout {
  readonly probability: number;
  readonly seed: number;
  readonly stream: number;
}

export interface FusedAttentionOptions {
  readonly heads: number;
  /** Divides `heads`: that many query heads share one head of keys and values. */
  readonly keyValueHeads: number;
  /**
   * `headsFirst`: `[batch, heads, time, headSize]`. `timeFirst`: `[batch, time, heads · headSize]` or
   * `[batch, time, heads, headSize]`, which saves splitting and merging heads. `packed`: q, k and v side by side in one
   * tensor `[batch, time, (heads + 2 · keyValueHeads) · headSize]` given as q; the output is
   * `[batch, time, heads · headSize]`.
   */
  readonly layout: 'headsFirst' | 'timeFirst' | 'packed';
  /** Multiplies the scores. */
  readonly scale: number;
  /** Each query sees keys up to its own position; with more keys than queries the queries are the last ones. */
  readonly causal: boolean;
  /** Additive, float32, broadcast against `[batch, heads, queries, keys]`. Not differentiated. */
  readonly mask?: Handle | null;
  /**
   * int32 `[batch or 1, queries or 1, 2]`: each query sees keys from the first number up to, not including, the second.
   * Padding, packed documents and windows without a mask to read; a query that sees nothing gives zeros.
   */
  readonly ranges?: Handle | null;
  readonly dropout?: FusedDropout | null;
}

export interface FusedAttentionInputs {
  readonly q: Handle;
  /** Null in the `packed` layout. */
  readonly k: Handle | null;
  readonly v: Handle | null;
}

/** One tensor's part of an AdamW step. */
export interface AdamWUpdate {
  /** float32, written in place, as are both moments. */
  readonly weight: Handle;
  readonly gradient: Handle;
  readonly first: Handle;
  readonly second: Handle;
  /** Updates of this tensor so far, this one included: from 1. */
  readonly step: number;
  readonly weightDecay: number;
}

export interface AdamWStepOptions {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** Factor on all gradients, for clipping. */
  readonly gradientScale: number;
}

/** A tensor in NF4 with double quantisation (https://arxiv.org/abs/2305.14314), as bitsandbytes lays it out. */
export interface Nf4Handles {
  /** uint8 `[⌈size / 2⌉]`: two codes a byte, the even element in the high bits. */
  readonly codes: Handle;
  /** uint8 `[⌈size / 64⌉]`: one scale for 64 elements, as codes of the dynamic 8-bit map. */
  readonly scales: Handle;
  /** float32 `[⌈size / 64 / 256⌉]`: one factor for 256 scales. */
  readonly nestedScales: Handle;
  /** float32 scalar: the mean of the scales. */
  readonly offset: Handle;
}

export interface ProductOptions {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  readonly bias?: Handle | null;
  readonly added?: Handle | null;
}

/** Rows up to which `narrowProduct` is faster than a general product. */
export const narrowRows = 16;

/**
 * Operations done in one pass over memory by kernels of our own, multi-threaded, the same numbers whatever the number of
 * threads. Tensors are float32 or bfloat16 (computed in float32); weights and biases of norms and activations, masks and
 * tables are float32. Nothing changes its inputs except where said. Each result is a new handle the caller releases.
 * The form composed of `Backend` operations is the specification.
 */
export interface FusedOperations {
  /** a + b of one type, where b has a's shape or `[width of a's last axis]`. */
  add(a: Handle, b: Handle): Handle;

  /**
   * x `[..., in]` · weight (+ bias `[out]`) → `[..., out]`, all but the weight float32: for at most `narrowRows` rows,
   * where reading the weight is what takes the time. x is not rounded to a 16-bit weight's type.
   * @param layout of the weight: `outIn` is `[out, in]`, `inOut` `[in, out]`
   */
  narrowProduct(x: Handle, weight: Handle, bias: Handle | null, layout: 'outIn' | 'inOut'): Handle;

  /** Whether `product` takes these two, and is faster than the library's own: float32, not too large. */
  isQuick(a: Handle, b: Handle, transposeB: boolean): boolean;
  /**
   * op(a) · op(b) (+ bias `[columns]`) (+ added, of the product's shape) in float32; leading axes of a and b are rows.
   * @returns a's leading axes and the columns, or `[rows, columns]` where a is transposed; a transposed b is a matrix
   */
  product(a: Handle, b: Handle, options: ProductOptions): Handle;

  /** gelu(x + bias); bias `[width of the last axis]` or null. */
  gelu(x: Handle, bias: Handle | null, form: 'erf' | 'tanh'): Handle;
  geluGradient(
    gradient: Handle,
    x: Handle,
    bias: Handle | null,
    form: 'erf' | 'tanh',
    wantBias: boolean,
  ): { readonly x: Handle; readonly bias: Handle | null };

  /** gate · sigmoid(gate) · up. */
  siluGate(gate: Handle, up: Handle): Handle;
  siluGateGradient(
    gradient: Handle,
    gate: Handle,
    up: Handle,
  ): { readonly gate: Handle; readonly up: Handle };

  /** Layer norm or RMS norm over the last axis, of x or of x + residual; `sum` is null without a residual. */
  norm(
    x: Handle,
    weight: Handle,
    bias: Handle | null,
    options: NormOptions,
  ): { readonly output: Handle; readonly sum: Handle | null; readonly statistics: NormStatistics };
  /** @param x what was normalised: the sum where there was a residual. The gradient of x is that of the residual too. */
  normGradient(
    gradient: Handle,
    x: Handle,
    weight: Handle,
    statistics: NormStatistics,
    options: NormGradientOptions,
  ): { readonly x: Handle; readonly weight: Handle | null; readonly bias: Handle | null };

  /**
   * Rotary position embedding, x `[batch, heads, time, headSize]` (or `[batch, time, heads, headSize]`), tables as
   * `RopeTables`, `[batch or 1, 1, time, ≤ headSize]`: what lies beyond their width is copied. The gradient is the same
   * operation with `backwards`.
   */
  rope(
    x: Handle,
    cos: Handle,
    sin: Handle,
    options: { readonly backwards: boolean; readonly layout: 'headsFirst' | 'timeFirst' },
  ): Handle;

  /** softmax(scores · scale + mask) over the last of four axes; the mask is float32 and broadcasts. */
  maskedSoftmax(
    scores: Handle,
    mask: Handle | null,
    options: { readonly scale: number; readonly causal: boolean },
  ): Handle;
  maskedSoftmaxGradient(gradient: Handle, probabilities: Handle, scale: number): Handle;

  /** Scaled dot-product attention. `logSum` `[batch, heads, queries]` float32 is all the gradient needs beside q, k, v. */
  attention(
    inputs: FusedAttentionInputs,
    options: FusedAttentionOptions,
  ): { readonly output: Handle; readonly logSum: Handle };
  /** Same options as the forward call. k and v are null in the `packed` layout, where q is the gradient of all three. */
  attentionGradient(
    gradient: Handle,
    inputs: FusedAttentionInputs,
    logSum: Handle,
    options: FusedAttentionOptions,
  ): { readonly q: Handle; readonly k: Handle | null; readonly v: Handle | null };

  /** Mean over rows of −log softmax(logits)[label], float32; with weights Σ weightᵢ·lossᵢ / Σ weightᵢ. */
  crossEntropy(
    logits: Handle,
    labels: Handle,
    weights: Handle | null,
  ): { readonly loss: Handle; readonly logSum: Handle };
  /** @param inPlace writes over `logits`: the result shares their storage, and nobody may read the logits again */
  crossEntropyGradient(
    gradient: Handle,
    logits: Handle,
    labels: Handle,
    weights: Handle | null,
    logSum: Handle,
    inPlace: boolean,
  ): Handle;

  /** x times its `dropoutFactors`; the gradient is the same operation. */
  dropout(x: Handle, draw: FusedDropout): Handle;

  /** torch's AdamW over many tensors, in place: other handles on the same storage change too. */
  adamW(updates: readonly AdamWUpdate[], options: AdamWStepOptions): void;
  /** Σ x² over all elements of all tensors, a float32 scalar. */
  squaredNorm(tensors: readonly Handle[]): Handle;

  /**
   * Writes rows `[..., width]` over rows of a table `[..., width]` of the same type, in place: other handles on the same
   * storage change too. int32 `places` number the table's rows; what has a negative place is dropped.
   */
  writeRows(table: Handle, rows: Handle, places: Handle): void;

  convert(x: Handle, dtype: 'float32' | 'bfloat16'): Handle;

  quantizeNf4(x: Handle): Nf4Handles;
  /** `narrowProduct` with a weight `[outputs, in]` in NF4; `in` is a multiple of 64. */
  narrowProductNf4(x: Handle, weight: Nf4Handles, outputs: number, bias: Handle | null): Handle;
  dequantizeNf4(quantized: Nf4Handles, shape: readonly number[], dtype: 'float32' | 'bfloat16'): Handle;
}

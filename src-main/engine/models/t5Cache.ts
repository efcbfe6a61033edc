import type { Tensor } from '../autodiff/tensor.ts';
import type { Backend } from '../backend/backend.ts';
import { DecoderCache } from './decoderCache.ts';

/** Keys and values `[batch, heads, time, headSize]` that a decoder's block reads the encoded text by. */
export interface Memory {
  readonly k: Tensor;
  readonly v: Tensor;
}

/** What generation keeps: the answer's keys and values, and those of the encoded prompts, which never change. */
export class EncoderDecoderCache extends DecoderCache {
  readonly memories: readonly Memory[];
  /** Which of the prompts' positions are text: int32 `[batch, 1, 2]`, or null where all are. */
  readonly sightOfMemory: Tensor | null;

  /** Takes over the tensors. */
  constructor(backend: Backend, memories: readonly Memory[], sightOfMemory: Tensor | null) {
    super(backend, memories.length);
    this.memories = memories;
    this.sightOfMemory = sightOfMemory;
  }

  override dispose(): void {
    super.dispose();
    for (const { k, v } of this.memories) {
      k.dispose();
      v.dispose();
    }
    this.sightOfMemory?.dispose();
  }
}

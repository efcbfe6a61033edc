import type { Shape } from './backend.ts';
import { type TensorFlowBinding, nativeTypes } from './tensorflowBinding.ts';

type TensorMaker = Pick<TensorFlowBinding, 'createTensor' | 'deleteTensor'>;

/** Constants kept between calls; more than a model needs, little memory. */
const mostKept = 4096;

/** int32 settings of operations (shapes, axes, permutations): most of TensorFlow's take them as tensors. */
export class TensorFlowConstants {
  private readonly binding: TensorMaker;
  private readonly ids = new Map<string, number>();

  constructor(binding: TensorMaker) {
    this.binding = binding;
  }

  /** The id of a scalar or vector, or a tensor of the given shape, that stays at least until `forget`. */
  of(values: number | readonly number[], shape?: Shape): number {
    const key = shape ? `${values}x` : typeof values === 'number' ? `${values}` : `v${values}`;
    const known = this.ids.get(key);
    if (known !== undefined) return known;
    const list = typeof values === 'number' ? [values] : values;
    const ownShape = shape ?? (typeof values === 'number' ? [] : [list.length]);
    const id = this.binding.createTensor(ownShape, nativeTypes.int32, Int32Array.from(list));
    this.ids.set(key, id);
    return id;
  }

  /** Drops the oldest beyond the limit; to be called between operations, so that none in use goes. */
  forget(): void {
    if (this.ids.size <= mostKept) return;
    for (const [key, id] of this.ids) {
      this.binding.deleteTensor(id);
      this.ids.delete(key);
      if (this.ids.size <= mostKept) return;
    }
  }
}

import { scope } from '../autodiff/scope.ts';
import { Tensor } from '../autodiff/tensor.ts';
import { convert } from './cast.ts';
import { asRows, product } from './matmul.ts';

export interface RowsProductOptions {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
  /** `[columns]`, added to each row. */
  readonly bias?: Tensor | null;
  /** Of the result's shape, float32. */
  readonly added?: Tensor | null;
}

function sum(a: Tensor, b: Tensor | null): Tensor {
  return b ? new Tensor(a.backend, a.backend.binary('add', a.handle, convert(b, a.dtype).handle)) : a;
}

/**
 * op(a) · op(b) (+ bias) (+ added), float32, unrecorded, of tensors read as matrices of their last axis: `[..., width]` is
 * `[rows, width]`. Both have one type.
 * @returns a's leading axes and the columns, or `[rows, columns]` where a is transposed
 */
export function rowsProduct(a: Tensor, b: Tensor, options: RowsProductOptions): Tensor {
  const { transposeA = false, transposeB = false, bias = null, added = null } = options;
  const { backend } = a;
  return scope(() => {
    if (backend.fused?.isQuick(a.handle, b.handle, transposeB)) {
      const more = { bias: bias && convert(bias, 'float32').handle, added: added && added.handle };
      return new Tensor(
        backend,
        backend.fused.product(a.handle, b.handle, { transposeA, transposeB, ...more }),
      );
    }
    const rows = product(asRows(a), asRows(b), transposeA, transposeB);
    const finished = sum(convert(rows, 'float32'), bias);
    const [, columns = 0] = finished.shape;
    if (transposeA || a.shape.length === 2) return sum(finished, added);
    const shape = [...a.shape.slice(0, -1), columns];
    return sum(new Tensor(backend, backend.reshape(finished.handle, shape)), added);
  });
}

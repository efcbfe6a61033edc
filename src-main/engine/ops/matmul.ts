import type { Shape } from '../backend/backend.ts';
import { sameShape } from '../backend/shapes.ts';
import { scope } from '../autodiff/scope.ts';
import { differentiable } from '../autodiff/tape.ts';
import { Tensor } from '../autodiff/tensor.ts';
import { reduceTo } from './broadcasting.ts';

export interface MatmulOptions {
  /** Use `a` with its last two axes swapped. */
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

/**
 * The product unrecorded. Where b is one matrix, the leading axes of a are rows of one product: faster than a batch.
 */
export function product(a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean): Tensor {
  const { backend } = a;
  if (a.shape.length <= 2 || b.shape.length > 2 || transposeA)
    return new Tensor(backend, backend.matmul(a.handle, b.handle, transposeA, transposeB));
  return scope(() => {
    const columns = b.shape[transposeB ? 0 : 1] ?? 1;
    const rows = asRows(a);
    const flat = new Tensor(backend, backend.matmul(rows.handle, b.handle, false, transposeB));
    return new Tensor(backend, backend.reshape(flat.handle, [...a.shape.slice(0, -1), columns]));
  });
}

/** x `[..., width]` as `[rows, width]`, unrecorded; x itself where it has that form. */
export function asRows(x: Tensor): Tensor {
  if (x.shape.length === 2) return x;
  const width = x.shape.at(-1) ?? 1;
  return new Tensor(x.backend, x.backend.reshape(x.handle, [width === 0 ? 0 : x.size / width, width]));
}

/** Gradient of b, `[k, n]`, where a has leading axes that b has not: one product over all rows. */
function gradientOfMatrix(a: Tensor, gradient: Tensor, transposeB: boolean): Tensor {
  return transposeB
    ? product(asRows(gradient), asRows(a), true, false)
    : product(asRows(a), asRows(gradient), true, false);
}

/** Matrix product over the last two axes; leading axes broadcast. Only wanted gradients are computed. */
export function matmul(a: Tensor, b: Tensor, options: MatmulOptions = {}): Tensor {
  const { transposeA = false, transposeB = false } = options;
  const shapeA: Shape = a.shape;
  const shapeB: Shape = b.shape;
  return differentiable(product(a, b, transposeA, transposeB), [a, b], (save) => {
    const savedA = b.requiresGradient ? save(a) : null;
    const savedB = a.requiresGradient ? save(b) : null;
    return (gradient, wanted) => [
      wanted[0] && savedB ? reduceTo(gradientOfA(gradient, savedB), shapeA) : null,
      wanted[1] && savedA ? gradientOfB(gradient, savedA) : null,
    ];
  });

  // With C = op(A)·op(B): dop(A) = dC·op(B)ᵀ and dop(B) = op(A)ᵀ·dC.
  function gradientOfA(gradient: Tensor, right: Tensor): Tensor {
    return transposeA
      ? product(right, gradient, transposeB, true)
      : product(gradient, right, false, !transposeB);
  }

  function gradientOfB(gradient: Tensor, left: Tensor): Tensor {
    if (shapeB.length === 2 && shapeA.length > 2 && !transposeA)
      return gradientOfMatrix(left, gradient, transposeB);
    const whole = transposeB
      ? product(gradient, left, true, transposeA)
      : product(left, gradient, !transposeA, false);
    return sameShape(whole.shape, shapeB) ? whole : reduceTo(whole, shapeB);
  }
}

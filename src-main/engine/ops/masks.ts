import type { Backend } from '../backend/backend.ts';
import { scope } from '../autodiff/scope.ts';
import { Tensor } from '../autodiff/tensor.ts';
import { indicesFrom } from './create.ts';

/**
 * Added to scores that must not be seen: the most negative float32, as transformers does. A row where nothing may be
 * seen then gives equal weights; with −∞ it would give NaN.
 */
export const MASKED = -3.4028234663852886e38;

/** MASKED where a condition holds, else 0. */
function maskWhere(backend: Backend, hidden: Tensor): Tensor {
  const factor = new Tensor(backend, backend.fill([], MASKED, 'float32'));
  const ones = new Tensor(backend, backend.cast(hidden.handle, 'float32'));
  return new Tensor(backend, backend.binary('multiply', ones.handle, factor.handle));
}

/** Additive mask `[batch, 1, 1, time]` from a 1/0 mask int32 `[batch, time]`. Not differentiable. */
export function paddingMask(attentionMask: Tensor): Tensor {
  const { backend } = attentionMask;
  const [batch = 1, time = 1] = attentionMask.shape;
  return scope(() => {
    const zero = new Tensor(backend, backend.fill([], 0, 'int32'));
    const padding = new Tensor(backend, backend.binary('equal', attentionMask.handle, zero.handle));
    const mask = maskWhere(backend, padding);
    return new Tensor(backend, backend.reshape(mask.handle, [batch, 1, 1, time]));
  });
}

/** Additive mask `[1, 1, queryTime, keyTime]`; the queries are the last ones of the keys. */
export function causalMask(backend: Backend, queryTime: number, keyTime: number): Tensor {
  const count = (length: number, from: number): number[] =>
    Array.from({ length }, (_, index) => from + index);
  return scope(() => {
    const keys = indicesFrom(backend, count(keyTime, 0), [1, 1, 1, keyTime]);
    const queries = indicesFrom(backend, count(queryTime, keyTime - queryTime), [1, 1, queryTime, 1]);
    const later = new Tensor(backend, backend.binary('greater', keys.handle, queries.handle));
    return maskWhere(backend, later);
  });
}

/**
 * Additive mask `[batch or 1, 1, queryTime or 1, keyTime]` that hides all keys but those from the first number up to, not
 * including, the second of int32 `[batch or 1, queryTime or 1, 2]`.
 */
export function rangeMask(ranges: Tensor, keyTime: number): Tensor {
  const { backend } = ranges;
  const [batch = 1, queries = 1] = ranges.shape;
  return scope(() => {
    const bound = (index: number): Tensor => {
      const column = new Tensor(backend, backend.slice(ranges.handle, [0, 0, index], [batch, queries, 1]));
      return new Tensor(backend, backend.reshape(column.handle, [batch, 1, queries, 1]));
    };
    const keys = indicesFrom(
      backend,
      Array.from({ length: keyTime }, (_, key) => key),
      [1, 1, 1, keyTime],
    );
    const early = new Tensor(backend, backend.binary('less', keys.handle, bound(0).handle));
    const late = new Tensor(backend, backend.binary('greaterEqual', keys.handle, bound(1).handle));
    return maskWhere(backend, new Tensor(backend, backend.binary('logicalOr', early.handle, late.handle)));
  });
}

/** What either mask hides. Their sum would overflow to −∞. */
export function combineMasks(a: Tensor, b: Tensor): Tensor {
  return new Tensor(a.backend, a.backend.binary('minimum', a.handle, b.handle));
}

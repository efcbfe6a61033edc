import { sizeOf } from '../backend/shapes.ts';
import { scope } from '../autodiff/scope.ts';
import { differentiable } from '../autodiff/tape.ts';
import { Tensor } from '../autodiff/tensor.ts';
import { convert } from './cast.ts';

/** Adds gradient rows `[..., width]` up where they came from: `[rows, width]`. Repeated indices accumulate. */
function scatterRows(gradient: Tensor, indices: Tensor, rows: number, rowShape: readonly number[]): Tensor {
  const { backend } = gradient;
  return scope(() => {
    const flat = new Tensor(backend, backend.reshape(indices.handle, [indices.size]));
    const updates = new Tensor(backend, backend.reshape(gradient.handle, [indices.size, sizeOf(rowShape)]));
    const sums = new Tensor(backend, backend.scatterAdd(flat.handle, updates.handle, rows));
    return new Tensor(backend, backend.reshape(sums.handle, [rows, ...rowShape]));
  });
}

/** Rows of `table` `[rows, width]` at int32 `ids` `[...]` → `[..., width]`, float32. */
export function embedding(table: Tensor, ids: Tensor): Tensor {
  const { backend } = table;
  const [rows = 0, ...rowShape] = table.shape;
  const output = scope(() =>
    convert(new Tensor(backend, backend.gather(table.handle, ids.handle)), 'float32'),
  );
  return differentiable(output, [table], (save) => {
    const kept = save(ids);
    return (gradient) => [scatterRows(gradient, kept, rows, rowShape)];
  });
}

/** Rows `[n, ...]` of x `[rows, ...]` at int32 `indices` `[n]`. */
export function gatherRows(x: Tensor, indices: Tensor): Tensor {
  const [rows = 0, ...rowShape] = x.shape;
  return differentiable(x.backend.gather(x.handle, indices.handle), [x], (save) => {
    const kept = save(indices);
    return (gradient) => [scatterRows(gradient, kept, rows, rowShape)];
  });
}

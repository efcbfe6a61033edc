import { scope } from '../autodiff/scope.ts';
import { Tensor } from '../autodiff/tensor.ts';
import { concat } from './reshape.ts';
import { indicesFrom } from './create.ts';

/**
 * A table `[..., width]` in which some rows are others. With native kernels the result shares the table's storage and
 * only the new rows are touched, so nobody may read the table again. Not differentiable.
 * @param rows `[..., width]`, of the table's type
 * @param places int32 `[number of rows]`: where each goes among the table's rows, negative for nowhere; no place twice
 */
export function writeRows(table: Tensor, rows: Tensor, places: Tensor): Tensor {
  const { backend, shape } = table;
  const width = shape.at(-1) ?? 0;
  if (rows.shape.at(-1) !== width || rows.size !== places.size * width) {
    throw new Error(
      `Rows of shape [${rows.shape.join(', ')}] at ${places.size} places do not fit a table of shape [${shape.join(', ')}].`,
    );
  }
  if (backend.fused) {
    backend.fused.writeRows(table.handle, rows.handle, places.handle);
    return table.alias();
  }
  return scope(() => {
    const count = table.size / width;
    const order = Array.from({ length: count }, (_, row) => row);
    Array.from(places.values()).forEach((place, row) => {
      if (place >= 0) order[place] = count + row;
    });
    const flat = (x: Tensor) => new Tensor(backend, backend.reshape(x.handle, [x.size / width, width]));
    const both = concat([flat(table), flat(rows)], 0);
    const picked = new Tensor(backend, backend.gather(both.handle, indicesFrom(backend, order).handle));
    return new Tensor(backend, backend.reshape(picked.handle, shape));
  });
}

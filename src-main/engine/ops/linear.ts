import { scope } from '../autodiff/scope.ts';
import { differentiable } from '../autodiff/tape.ts';
import { narrowRows } from '../backend/fused.ts';
import { type PackedTensor, Tensor } from '../autodiff/tensor.ts';
import { convert } from './cast.ts';
import { asRows, product } from './matmul.ts';

function withBias(rows: Tensor, bias: Tensor | null): Tensor {
  if (!bias) return rows;
  const added = convert(bias, rows.dtype);
  return new Tensor(rows.backend, rows.backend.binary('add', rows.handle, added.handle));
}

function unpacked(weight: Tensor | PackedTensor): Tensor {
  return weight instanceof Tensor ? weight : weight.unpack();
}

/** With a kernel that reads the weight once, where x has few rows; null where that does not apply. */
function narrowProduct(
  x: Tensor,
  weight: Tensor | PackedTensor,
  bias: Tensor | null,
  layout: 'outIn' | 'inOut',
): Tensor | null {
  const { fused } = x.backend;
  const rows = x.size / (x.shape.at(-1) || 1);
  if (!fused || rows > narrowRows || x.dtype !== 'float32') return null;
  const added = bias && convert(bias, 'float32');
  if (!(weight instanceof Tensor)) return weight.multiplyFew?.(x, added) ?? null;
  if (weight.dtype !== 'float32' && weight.dtype !== 'bfloat16') return null;
  return new Tensor(x.backend, fused.narrowProduct(x.handle, weight.handle, added && added.handle, layout));
}

function wideProduct(
  x: Tensor,
  weight: Tensor | PackedTensor,
  bias: Tensor | null,
  layout: 'outIn' | 'inOut',
): Tensor {
  const { backend } = x;
  const rows = convert(asRows(x), weight.dtype);
  const rowsOut = withBias(
    convert(product(rows, unpacked(weight), false, layout === 'outIn'), 'float32'),
    bias,
  );
  if (x.shape.length === 2) return rowsOut;
  const [, outFeatures = 0] = rowsOut.shape;
  return new Tensor(backend, backend.reshape(rowsOut.handle, [...x.shape.slice(0, -1), outFeatures]));
}

/**
 * x `[..., in]` · weight (+ bias `[out]`) → `[..., out]`, float32. A 16-bit weight multiplies x rounded to its type,
 * except where there are so few rows that a kernel of their own takes them.
 * Saves the weight where x wants a gradient, and x only where the weight wants one. A packed weight is unpacked for each
 * product, forward and backward, and never kept in between.
 * @param layout `outIn`: weight `[out, in]`; `inOut`: `[in, out]` (GPT-2's Conv1D)
 */
export function linear(
  x: Tensor,
  weight: Tensor | PackedTensor,
  bias: Tensor | null,
  layout: 'outIn' | 'inOut' = 'outIn',
): Tensor {
  const outFirst = layout === 'outIn';
  const shapeX = x.shape;
  const [inFeatures, outFeatures] = outFirst ? [weight.shape[1], weight.shape[0]] : weight.shape;
  if (shapeX.at(-1) !== inFeatures || outFeatures === undefined)
    throw new Error(
      `A linear layer of ${inFeatures} inputs was given a tensor of shape [${shapeX.join(', ')}].`,
    );
  const { backend } = x;
  const output = scope(() => narrowProduct(x, weight, bias, layout) ?? wideProduct(x, weight, bias, layout));
  const inputs = [x, weight, bias].filter((input) => input instanceof Tensor);
  return differentiable(output, inputs, (save) => {
    const keep = () => (weight instanceof Tensor ? save(weight) : weight);
    const savedWeight = x.requiresGradient ? keep() : null;
    const savedX = weight instanceof Tensor && weight.requiresGradient ? save(x) : null;
    return (gradient, wanted) => {
      const rows = asRows(gradient);
      const typedRows = convert(rows, weight.dtype);
      return inputs.map((input, index) => {
        if (!wanted[index]) return null;
        if (input === x) return savedWeight && gradientOfX(typedRows, unpacked(savedWeight));
        if (input === weight) return savedX && gradientOfWeight(typedRows, savedX);
        return new Tensor(backend, backend.reduce('sum', rows.handle, [0], false));
      });
    };
  });

  function gradientOfX(rows: Tensor, kept: Tensor): Tensor {
    const flat = convert(product(rows, kept, false, !outFirst), 'float32');
    return shapeX.length === 2 ? flat : new Tensor(backend, backend.reshape(flat.handle, shapeX));
  }

  function gradientOfWeight(rows: Tensor, kept: Tensor): Tensor {
    const rowsX = convert(asRows(kept), rows.dtype);
    return outFirst ? product(rows, rowsX, true, false) : product(rowsX, rows, true, false);
  }
}

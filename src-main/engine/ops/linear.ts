import { scope } from '../autodiff/scope.ts';
import { differentiable } from '../autodiff/tape.ts';
import { type PackedTensor, Tensor } from '../autodiff/tensor.ts';
import type { Shape } from '../backend/backend.ts';
import { narrowRows } from '../backend/fused.ts';
import { convert } from './cast.ts';
import { asRows, product } from './matmul.ts';

function sum(a: Tensor, b: Tensor | null): Tensor {
  return b ? new Tensor(a.backend, a.backend.binary('add', a.handle, convert(b, a.dtype).handle)) : a;
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
  added: Tensor | null,
): Tensor {
  const { backend } = x;
  const { fused } = backend;
  const rows = convert(asRows(x), weight.dtype);
  const matrix = unpacked(weight);
  const transposeB = layout === 'outIn';
  const shape = [...x.shape.slice(0, -1), matrix.shape[transposeB ? 0 : 1] ?? 0];
  if (fused?.isQuick(rows.handle, matrix.handle, transposeB)) {
    const more = { bias: bias && convert(bias, 'float32').handle, added: added && added.handle };
    const product = fused.product(rows.handle, matrix.handle, { transposeA: false, transposeB, ...more });
    return inShape(new Tensor(backend, product), shape);
  }
  const rowsOut = sum(convert(product(rows, matrix, false, transposeB), 'float32'), bias);
  return sum(inShape(rowsOut, shape), added);
}

function inShape(rows: Tensor, shape: Shape): Tensor {
  if (shape.length === 2) return rows;
  return new Tensor(rows.backend, rows.backend.reshape(rows.handle, shape));
}

/**
 * x `[..., in]` · weight (+ bias `[out]`) (+ added `[..., out]`) → `[..., out]`, float32. A 16-bit weight multiplies x
 * rounded to its type, except where there are so few rows that a kernel of their own takes them.
 * Saves the weight where x wants a gradient, and x only where the weight wants one. A packed weight is unpacked for each
 * product, forward and backward, and never kept in between.
 * @param layout `outIn`: weight `[out, in]`; `inOut`: `[in, out]` (GPT-2's Conv1D)
 */
export function linear(
  x: Tensor,
  weight: Tensor | PackedTensor,
  bias: Tensor | null,
  layout: 'outIn' | 'inOut' = 'outIn',
  added: Tensor | null = null,
): Tensor {
  const outFirst = layout === 'outIn';
  const shapeX = x.shape;
  const [inFeatures, outFeatures] = outFirst ? [weight.shape[1], weight.shape[0]] : weight.shape;
  if (shapeX.at(-1) !== inFeatures || outFeatures === undefined)
    throw new Error(
      `A linear layer of ${inFeatures} inputs was given a tensor of shape [${shapeX.join(', ')}].`,
    );
  const { backend } = x;
  const output = scope(() => {
    const narrow = narrowProduct(x, weight, bias, layout);
    return narrow ? sum(narrow, added) : wideProduct(x, weight, bias, layout, added);
  });
  const given: { role: 'x' | 'weight' | 'bias' | 'added'; tensor: Tensor }[] = [{ role: 'x', tensor: x }];
  if (weight instanceof Tensor) given.push({ role: 'weight', tensor: weight });
  if (bias) given.push({ role: 'bias', tensor: bias });
  if (added) given.push({ role: 'added', tensor: added });
  const inputs = given.map(({ tensor }) => tensor);
  return differentiable(output, inputs, (save) => {
    const keep = () => (weight instanceof Tensor ? save(weight) : weight);
    const savedWeight = x.requiresGradient ? keep() : null;
    const savedX = weight instanceof Tensor && weight.requiresGradient ? save(x) : null;
    return (gradient, wanted) => {
      const rows = asRows(gradient);
      const typedRows = convert(rows, weight.dtype);
      return given.map(({ role }, index) => {
        if (!wanted[index]) return null;
        if (role === 'x') return savedWeight && gradientOfX(typedRows, unpacked(savedWeight));
        if (role === 'weight') return savedX && gradientOfWeight(typedRows, savedX);
        if (role === 'added') return gradient;
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

import { scope } from '../autodiff/scope.ts';
import { differentiable } from '../autodiff/tape.ts';
import { type PackedTensor, Tensor } from '../autodiff/tensor.ts';
import { narrowRows } from '../backend/fused.ts';
import { convert } from './cast.ts';
import { asRows } from './matmul.ts';
import { rowsProduct } from './rowsProduct.ts';

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
    if (narrow)
      return added ? new Tensor(backend, backend.binary('add', narrow.handle, added.handle)) : narrow;
    const typed = convert(x, weight.dtype);
    return rowsProduct(typed, unpacked(weight), { transposeB: outFirst, bias, added });
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
      const typed = convert(gradient, weight.dtype);
      return given.map(({ role }, index) => {
        if (!wanted[index]) return null;
        if (role === 'x') return savedWeight && gradientOfX(typed, unpacked(savedWeight));
        if (role === 'weight') return savedX && gradientOfWeight(typed, savedX);
        if (role === 'added') return gradient;
        return new Tensor(backend, backend.reduce('sum', asRows(gradient).handle, [0], false));
      });
    };
  });

  function gradientOfX(typed: Tensor, kept: Tensor): Tensor {
    return rowsProduct(typed, kept, { transposeB: !outFirst });
  }

  function gradientOfWeight(typed: Tensor, kept: Tensor): Tensor {
    const typedX = convert(kept, typed.dtype);
    return outFirst
      ? rowsProduct(typed, typedX, { transposeA: true })
      : rowsProduct(typedX, typed, { transposeA: true });
  }
}

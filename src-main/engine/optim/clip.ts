import type { Backend, Handle } from '../backend/backend.ts';
import type { Parameter } from '../autodiff/tensor.ts';

/** Σ x² over several tensors, operation by operation. At least one tensor. */
function sumSquares(backend: Backend, [first, ...others]: readonly Handle[]): Handle {
  const squaredSum = (x: Handle | undefined): Handle => {
    if (x === undefined) throw new Error('A norm needs at least one gradient.');
    const squared = backend.unary('square', x);
    const axes = x.shape.map((_, axis) => axis);
    const sum = backend.reduce('sum', squared, axes, false);
    backend.release(squared);
    return sum;
  };
  return others.reduce((total, gradient) => {
    const sum = squaredSum(gradient);
    const next = backend.binary('add', total, sum);
    backend.release(total);
    backend.release(sum);
    return next;
  }, squaredSum(first));
}

/**
 * The Euclidean length of all gradients taken as one vector. NaN or infinite when any gradient is.
 */
export function measureGradientNorm(parameters: readonly Parameter[]): number {
  const gradients = parameters.flatMap(({ gradient }) => gradient ?? []);
  const [first] = gradients;
  if (first === undefined) return 0;
  const { backend } = first;
  const handles = gradients.map(({ handle }) => handle);
  const total = backend.fused ? backend.fused.squaredNorm(handles) : sumSquares(backend, handles);
  const [squaredNorm] = backend.download(total);
  backend.release(total);
  return Math.sqrt(squaredNorm ?? 0);
}

/** The factor that brings gradients of this norm down to `maximumNorm`, as torch's clip_grad_norm_; 0 means no limit. */
export function clipFactor(norm: number, maximumNorm: number): number {
  return maximumNorm > 0 ? Math.min(1, maximumNorm / (norm + 1e-6)) : 1;
}

import type { Handle } from '../backend/backend.ts';
import type { Parameter } from '../autodiff/tensor.ts';

/**
 * The Euclidean length of all gradients taken as one vector. NaN or infinite when any gradient is.
 */
export function measureGradientNorm(parameters: readonly Parameter[]): number {
  let total: Handle | null = null;
  const backend = parameters.find((parameter) => parameter.gradient !== null)?.gradient?.backend;
  if (backend === undefined) return 0;
  for (const { gradient } of parameters) {
    if (gradient === null) continue;
    const squared = backend.unary('square', gradient.handle);
    const axes = gradient.shape.map((_, axis) => axis);
    const sum = backend.reduce('sum', squared, axes, false);
    backend.release(squared);
    if (total === null) {
      total = sum;
      continue;
    }
    const next: Handle = backend.binary('add', total, sum);
    backend.release(total);
    backend.release(sum);
    total = next;
  }
  if (total === null) return 0;
  const [squaredNorm] = backend.download(total);
  backend.release(total);
  return Math.sqrt(squaredNorm ?? 0);
}

/** The factor that brings gradients of this norm down to `maximumNorm`, as torch's clip_grad_norm_; 0 means no limit. */
export function clipFactor(norm: number, maximumNorm: number): number {
  return maximumNorm > 0 ? Math.min(1, maximumNorm / (norm + 1e-6)) : 1;
}

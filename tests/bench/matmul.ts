import type { DType } from '../../src-main/engine/backend/backend.ts';
import { loadBenchBackend } from './benchBackend.ts';
import { report } from './gate.ts';

/** The fastest matrix product of this engine's backend, in floating-point operations per second. */
const backend = await loadBenchBackend();
const shapes = [
  [1024, 768, 3072],
  [2048, 2048, 2048],
] as const;
const measureMs = 700;

function measure(type: DType): number {
  if (!backend.matrixTypes.includes(type)) return 0;
  let best = 0;
  for (const [rows, inner, columns] of shapes) {
    const make = (shape: readonly number[]) => {
      const uniform = backend.randomUniform(shape, 0, 0);
      const cast = backend.cast(uniform, type);
      backend.release(uniform);
      return cast;
    };
    const a = make([rows, inner]);
    const b = make([inner, columns]);
    const endMs = performance.now() + measureMs;
    while (performance.now() < endMs) {
      const startMs = performance.now();
      backend.release(backend.matmul(a, b, false, false));
      best = Math.max(best, (2000 * rows * inner * columns) / (performance.now() - startMs));
    }
    backend.release(a);
    backend.release(b);
  }
  return best;
}

report({ fp32: measure('float32'), bf16: measure('bfloat16'), device: backend.device });

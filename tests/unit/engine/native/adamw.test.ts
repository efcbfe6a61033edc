import { expect, it } from 'vitest';
import { Draw, describeKernels, expectClose } from './kernels.ts';

interface State {
  readonly weight: Float64Array;
  readonly first: Float64Array;
  readonly second: Float64Array;
}

/** torch.optim.AdamW, element by element in float64. */
function stepOnce(
  state: State,
  gradient: ArrayLike<number>,
  step: number,
  learningRate: number,
  decay: number,
  scale: number,
): void {
  for (let index = 0; index < state.weight.length; index++) {
    const slope = (gradient[index] ?? 0) * scale;
    const first = 0.9 * (state.first[index] ?? 0) + 0.1 * slope;
    const second = 0.999 * (state.second[index] ?? 0) + 0.001 * slope * slope;
    const direction = first / (1 - 0.9 ** step) / (Math.sqrt(second) / Math.sqrt(1 - 0.999 ** step) + 1e-8);
    state.weight[index] = (state.weight[index] ?? 0) * (1 - learningRate * decay) - learningRate * direction;
    state.first[index] = first;
    state.second[index] = second;
  }
}

const sizes = [0, 1, 5, 64, 100, 40_000];

describeKernels('AdamW', ({ fused }, bench) => {
  it('moves many tensors as torch does, in place', () => {
    const draw = new Draw(1);
    const learningRate = 0.01;
    const tensors = sizes.map((size, index) => {
      const [weight, first] = [draw.floats(size), draw.floats(size, 0.1)];
      const second = draw.floats(size, 0.01).map(Math.abs);
      const states = { weight, first, second };
      const handles = { weight: bench.put(weight), first: bench.put(first), second: bench.put(second) };
      const exact = {
        weight: Float64Array.from(weight),
        first: Float64Array.from(first),
        second: Float64Array.from(second),
      };
      return { size, states, handles, exact, weightDecay: index % 2 === 0 ? 0.1 : 0, step: index + 1 };
    });
    const gradientScale = 0.37;
    for (let round = 0; round < 3; round++) {
      const updates = tensors.map(({ size, handles, exact, weightDecay, step }) => {
        const gradient = draw.floats(size);
        stepOnce(exact, gradient, step + round, learningRate, weightDecay, gradientScale);
        return { ...handles, gradient: bench.put(gradient), weightDecay, step: step + round };
      });
      fused.adamW(updates, { learningRate, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, gradientScale });
    }
    for (const { handles, exact, size } of tensors) {
      const tolerance = { relative: 1e-6, absolute: 3e-7 };
      expectClose(bench.take(handles.weight), exact.weight, `weight of ${size}`, tolerance);
      expectClose(bench.take(handles.first), exact.first, `mean of ${size}`, tolerance);
      expectClose(bench.take(handles.second), exact.second, `square of ${size}`, tolerance);
    }
  });

  it('leaves a weight without gradient and decay alone', () => {
    const weight = bench.put(Float32Array.of(1.25, -0.3));
    const [gradient, first, second] = [1, 2, 3].map(() => bench.put(new Float32Array(2)));
    if (!gradient || !first || !second) return expect.fail();
    const options = { learningRate: 1, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, gradientScale: 1 };
    fused.adamW([{ weight, gradient, first, second, step: 1, weightDecay: 0 }], options);
    expect(bench.take(weight)).toEqual(Float32Array.of(1.25, -0.3));
  });

  it('refuses a gradient of another size', () => {
    const [three, four] = [bench.put(new Float32Array(3)), bench.put(new Float32Array(4))];
    const update = { weight: three, gradient: four, first: three, second: three, step: 1, weightDecay: 0 };
    const options = { learningRate: 1, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, gradientScale: 1 };
    expect(() => fused.adamW([update], options)).toThrow(/one shape/);
  });

  it('measures the squared norm of many tensors', () => {
    const parts = sizes.map((size) => new Draw(size).floats(size));
    const exact = parts.flatMap((part) => Array.from(part)).reduce((sum, value) => sum + value * value, 0);
    const norm = fused.squaredNorm(parts.map((part) => bench.put(part)));
    expectClose(bench.take(norm), [exact], 'norm', { relative: 1e-6, absolute: 0 });
    const infinite = fused.squaredNorm([bench.put(Float32Array.of(1, NaN)), bench.put(Float32Array.of(2))]);
    expect(bench.take(infinite)).toEqual(Float32Array.of(NaN));
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { keep, scope } from '../../../../src-main/engine/autodiff/scope.ts';
import { Parameter, Tensor } from '../../../../src-main/engine/autodiff/tensor.ts';
import type { Backend } from '../../../../src-main/engine/backend/backend.ts';
import { AdamW, isDecayed } from '../../../../src-main/engine/optim/adamw.ts';
import { clipFactor, measureGradientNorm } from '../../../../src-main/engine/optim/clip.ts';
import { availableForms, loadTestBackend, projectRoot } from '../testBackend.ts';

const byName = z.record(z.string(), z.array(z.number()));
const recordSchema = z.object({
  adamw: z.array(
    z.object({
      weightDecay: z.number(),
      clip: z.number(),
      shapes: byName,
      start: byName,
      steps: z.array(
        z.object({
          gradients: z.record(z.string(), z.array(z.number()).nullable()),
          norm: z.number(),
          weights: byName,
        }),
      ),
    }),
  ),
});
const recorded = recordSchema.parse(
  JSON.parse(readFileSync(join(projectRoot, 'tests/reference/recorded/optimizer.json'), 'utf8')),
);

let backend: Backend;

function tensorOf(values: readonly number[], shape: readonly number[]): Tensor {
  return keep(new Tensor(backend, backend.upload(Float32Array.from(values), shape, 'float32')));
}

describe.each(availableForms)('AdamW (%s)', (form) => {
  beforeAll(async () => {
    backend = await loadTestBackend(form);
  });

  it.each(recorded.adamw)('follows torch with decay $weightDecay and clipping at $clip', (reference) => {
    const handles = backend.liveHandles;
    const parameters = Object.entries(reference.start).map(
      ([name, values]) => new Parameter(name, tensorOf(values, reference.shapes[name] ?? [])),
    );
    const optimizer = new AdamW(parameters, { weightDecay: reference.weightDecay });
    for (const { gradients, norm, weights } of reference.steps) {
      for (const parameter of parameters) {
        const values = gradients[parameter.name] ?? null;
        parameter.gradient = values === null ? null : tensorOf(values, parameter.shape);
      }
      const measured = measureGradientNorm(parameters);
      expect(Math.abs(measured - norm) / norm).toBeLessThan(1e-6);
      optimizer.step(1e-2, clipFactor(measured, reference.clip));
      for (const parameter of parameters) {
        expect(parameter.gradient).toBeNull();
        const expected = weights[parameter.name] ?? [];
        parameter.value.values().forEach((value, index) => {
          const wanted = expected[index] ?? NaN;
          expect(Math.abs(value - wanted)).toBeLessThanOrEqual(1e-7 + 1e-6 * Math.abs(wanted));
        });
      }
    }
    optimizer.dispose();
    for (const parameter of parameters) parameter.dispose();
    expect(backend.liveHandles).toBe(handles);
  });

  it('moves parameters with a factor as if the learning rate were that much higher', () => {
    const after = (factor: number, rate: number) => {
      const slow = new Parameter('slow', tensorOf([1, 2], [2]));
      const fast = new Parameter('fast', tensorOf([3, -4], [2]));
      const rateFactors = new Map([[fast, factor]]);
      const optimizer = new AdamW([slow, fast], { weightDecay: 0.1, rateFactors });
      for (let step = 0; step < 3; step++) {
        slow.gradient = tensorOf([0.5, -0.25], [2]);
        fast.gradient = tensorOf([0.1, 0.7 - step], [2]);
        optimizer.step(rate);
      }
      const values = [slow, fast].map(({ value }) => Array.from(value.values()));
      optimizer.dispose();
      for (const parameter of [slow, fast]) parameter.dispose();
      return values;
    };
    const [slow, fast] = after(8, 0.01);
    expect(slow).toEqual(after(1, 0.01)[0]);
    expect(fast).toEqual(after(1, 0.08)[1]);
    expect(fast).not.toEqual(after(1, 0.01)[1]);
  });

  it('keeps its state out of a running scope', () => {
    const parameter = new Parameter('weight', tensorOf([1, 2], [2]));
    const optimizer = new AdamW([parameter]);
    scope(() => {
      parameter.gradient = tensorOf([1, 1], [2]);
      optimizer.step(0.1);
    });
    expect(Array.from(optimizer.moments.get(parameter)?.first.values() ?? [])).toHaveLength(2);
    expect(parameter.value.values()).toHaveLength(2);
    optimizer.dispose();
    parameter.dispose();
  });

  it('leaves everything alone that shares storage with a weight', () => {
    const base = tensorOf([1, 2, 3, 4], [2, 2]);
    const reshaped = keep(new Tensor(backend, backend.reshape(base.handle, [4])));
    const parameters = [new Parameter('aliased', keep(base.alias())), new Parameter('reshaped', reshaped)];
    const optimizer = new AdamW(parameters);
    const update = () => {
      for (const parameter of parameters) parameter.gradient = tensorOf([1, 1, 1, 1], parameter.shape);
      optimizer.step(0.1);
    };
    update();
    expect([...base.values()]).toEqual([1, 2, 3, 4]);

    const snapshots = parameters.map((parameter) => keep(parameter.value.alias()));
    const read = parameters.map((parameter) => parameter.value.values());
    const copies = read.map((values) => [...values]);
    update();
    snapshots.forEach((snapshot, index) => expect([...snapshot.values()]).toEqual(copies[index]));
    read.forEach((values, index) => expect([...values]).toEqual(copies[index]));
    parameters.forEach((parameter, index) => {
      expect([...parameter.value.values()]).not.toEqual(copies[index]);
    });
    for (const held of [base, optimizer, ...snapshots, ...parameters]) held.dispose();
  });

  it('goes on after a restore as if it had never stopped', () => {
    const run = (interrupt: boolean): number[] => {
      let parameter = new Parameter('weight', tensorOf([0.5, -0.25], [2]));
      let optimizer = new AdamW([parameter], { weightDecay: 0.1 });
      for (let step = 0; step < 4; step++) {
        if (interrupt && step === 2) {
          const held = optimizer.moments.get(parameter);
          if (held === undefined) throw new Error('no state');
          const next = new Parameter('weight', tensorOf([...parameter.value.values()], [2]));
          const restored = new AdamW([next], { weightDecay: 0.1 });
          restored.restore(next, {
            steps: held.steps,
            first: tensorOf([...held.first.values()], [2]),
            second: tensorOf([...held.second.values()], [2]),
          });
          [parameter, optimizer] = [next, restored];
        }
        parameter.gradient = tensorOf([0.1 * step + 0.3, -0.7], [2]);
        optimizer.step(0.01);
      }
      return [...parameter.value.values()];
    };
    expect(run(true)).toEqual(run(false));
  });
});

describe('isDecayed', () => {
  it.each([
    ['bert.encoder.layer.0.attention.self.query.weight', true],
    ['base_model.model.bert.encoder.layer.0.attention.self.query.lora_A.weight', true],
    ['bert.encoder.layer.0.attention.self.query.bias', false],
    ['bert.embeddings.LayerNorm.weight', false],
    ['transformer.h.0.ln_1.weight', false],
    ['model.layers.0.input_layernorm.weight', false],
    ['model.norm.weight', false],
    ['model.layers.0.self_attn.q_norm.weight', false],
  ])('%s: %s', (name, decayed) => {
    expect(isDecayed(name)).toBe(decayed);
  });
});

describe('clipFactor', () => {
  it('is 1 below the limit and without one', () => {
    expect(clipFactor(0.5, 1)).toBe(1);
    expect(clipFactor(50, 0)).toBe(1);
    expect(clipFactor(4, 1)).toBeCloseTo(0.25, 6);
  });
});

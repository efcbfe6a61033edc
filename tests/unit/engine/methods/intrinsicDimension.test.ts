import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkOptions } from '../../../../src-main/contract/options.ts';
import { scope } from '../../../../src-main/engine/autodiff/scope.ts';
import { backpropagate } from '../../../../src-main/engine/autodiff/tape.ts';
import { Parameter } from '../../../../src-main/engine/autodiff/tensor.ts';
import type { Backend } from '../../../../src-main/engine/backend/backend.ts';
import { intrinsicDimension } from '../../../../src-main/engine/methods/intrinsicDimension/attach.ts';
import {
  drawFastfood,
  innerLength,
  project,
  projectionFactor,
} from '../../../../src-main/engine/methods/intrinsicDimension/fastfood.ts';
import { outlineModel } from '../../../../src-main/engine/models/outline.ts';
import { add, fromValues, indicesFrom, multiply, sum } from '../../../../src-main/engine/ops/index.ts';
import { largestGap } from '../../../parity/closeness.ts';
import { recordedFiles } from '../../../parity/recordings.ts';
import { loadTestBackend, projectRoot } from '../testBackend.ts';

const numbers = z.array(z.number());
const caseSchema = z.object({
  signs: numbers,
  order: numbers,
  normals: numbers,
  v: numbers,
  scale: numbers,
  base: numbers,
  direction: numbers,
  theta: numbers,
  vGradient: numbers,
  scaleGradient: numbers,
});
const path = join(projectRoot, 'tests/reference/recorded/intrinsicDimension.json');
const recorded = z.array(caseSchema).parse(JSON.parse(readFileSync(path, 'utf8')));

let backend: Backend;
beforeAll(async () => {
  backend = await loadTestBackend();
});

function tensorOf(values: readonly number[]) {
  return fromValues(backend, Float32Array.from(values), [values.length], 'float32');
}

function parameterOf(name: string, values: readonly number[]): Parameter {
  const parameter = new Parameter(name, tensorOf(values));
  parameter.trainable = true;
  return parameter;
}

describe.each(recorded)('the projection of $v.length numbers', (test) => {
  it('is what dense matrices compute, and its gradient', () => {
    const size = test.base.length;
    const inner = innerLength(test.v.length, size);
    const v = parameterOf('v', test.v);
    const scale = parameterOf('scale', test.scale);
    let theta: number[] = [];
    backpropagate([v, scale], () => {
      const fastfood = {
        signs: tensorOf(test.signs.slice(0, inner)),
        places: indicesFrom(
          backend,
          test.order.map((place) => place % inner),
        ),
        normals: tensorOf(test.normals),
        factor: projectionFactor(Float32Array.from(test.normals), size),
      };
      const value = add(tensorOf(test.base), multiply(project(v.value, fastfood, size), scale.value));
      theta = Array.from(value.values());
      return sum(multiply(value, tensorOf(test.direction)));
    });
    expect(largestGap(theta, test.theta)).toBeLessThan(5e-6);
    expect(largestGap(v.gradient?.values() ?? [], test.vGradient)).toBeLessThan(2e-5);
    expect(largestGap(scale.gradient?.values() ?? [], test.scaleGradient)).toBeLessThan(2e-5);
    v.dispose();
    scale.dispose();
  });
});

describe('intrinsic dimension', () => {
  it('keeps the length of v, whatever the size of the weight', () => {
    const v = Float32Array.from({ length: 100 }, (_, index) => Math.sin(index));
    const lengthOf = (values: Iterable<number>) => Math.hypot(...values);
    for (const size of [700, 4000]) {
      scope(() => {
        const { signs, places, normals, factor } = drawFastfood(backend, 3, 'weight', v.length, size);
        const drawn = {
          signs: tensorOf([...signs]),
          places: indicesFrom(backend, [...places]),
          normals: tensorOf([...normals]),
          factor,
        };
        const length = lengthOf(project(tensorOf([...v]), drawn, size).values());
        expect(Math.abs(length / lengthOf(v) - 1)).toBeLessThan(0.15);
      });
    }
  });

  it('counts d numbers, and says where SAID has too few of them', () => {
    const outline = outlineModel(recordedFiles('bert'), 'bert', 'classification', 3);
    const tensors = outline.parameters.size;
    const optionsOf = (options: object) =>
      checkOptions(intrinsicDimension.spec.options, { ...options }, '').values;
    const problems = (options: object) => intrinsicDimension.check(outline, optionsOf(options));
    expect(problems({ dimension: tensors }).map(({ code }) => code)).toEqual(['method.dimensionTooSmall']);
    expect(problems({ dimension: tensors + 1 })).toEqual([]);
    expect(problems({ dimension: 1, form: 'did' })).toEqual([]);
    expect(intrinsicDimension.count(outline, optionsOf({ dimension: 77 }))).toEqual({ own: 0, added: 77 });
  });
});

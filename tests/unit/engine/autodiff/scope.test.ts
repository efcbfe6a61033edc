import { beforeEach, describe, expect, it } from 'vitest';
import { keep, scope } from '../../../../src-main/engine/autodiff/scope.ts';
import { Tensor } from '../../../../src-main/engine/autodiff/tensor.ts';
import { Float64Backend } from '../../../gradients/float64Backend.ts';

let backend: Float64Backend;
const make = (): Tensor => new Tensor(backend, backend.fill([2], 1, 'float32'));

beforeEach(() => {
  backend = new Float64Backend();
});

describe('scope', () => {
  it('disposes what was made in it and does not leave it', () => {
    const result = scope(() => {
      make();
      make();
      return 7;
    });
    expect(result).toBe(7);
    expect(backend.liveHandles).toBe(0);
  });

  it.each([
    ['a tensor', (tensor: Tensor) => tensor],
    ['an array', (tensor: Tensor) => [tensor]],
    ['an object', (tensor: Tensor) => ({ deep: { kept: tensor }, other: 1, none: null })],
    ['a map', (tensor: Tensor) => new Map([['kept', tensor]])],
  ])('lets %s leave', (_, wrap) => {
    let inner: Tensor | undefined;
    scope(() => {
      inner = make();
      make();
      return wrap(inner);
    });
    expect(inner?.isDisposed).toBe(false);
    expect(backend.liveHandles).toBe(1);
    inner?.dispose();
    expect(backend.liveHandles).toBe(0);
  });

  it('hands what leaves it to the scope around it', () => {
    scope(() => {
      const moved = scope(make);
      expect(moved.isDisposed).toBe(false);
      expect(backend.liveHandles).toBe(1);
    });
    expect(backend.liveHandles).toBe(0);
  });

  it('leaves tensors of an outer scope alone, also as its result', () => {
    scope(() => {
      const outer = make();
      expect(scope(() => outer)).toBe(outer);
      scope(make);
      expect(outer.isDisposed).toBe(false);
    });
    expect(backend.liveHandles).toBe(0);
  });

  it('disposes everything when its body throws, and the scope around it goes on', () => {
    scope(() => {
      expect(() =>
        scope(() => {
          make();
          throw new Error('stop');
        }),
      ).toThrow('stop');
      expect(backend.liveHandles).toBe(0);
      make();
    });
    expect(backend.liveHandles).toBe(0);
  });

  it('gives kept tensors to the caller', () => {
    const kept = scope(() => {
      keep(make());
      return keep(make());
    });
    expect(backend.liveHandles).toBe(2);
    kept.dispose();
    expect(backend.liveHandles).toBe(1);
  });
});

describe('Tensor', () => {
  it('releases its storage when the last alias is disposed', () => {
    const tensor = make();
    const alias = tensor.alias();
    tensor.dispose();
    tensor.dispose();
    expect([...alias.values()]).toEqual([1, 1]);
    alias.dispose();
    expect(backend.liveHandles).toBe(0);
  });

  it('says so when it is used after it was disposed', () => {
    const tensor = make();
    tensor.dispose();
    expect(() => tensor.values()).toThrow('disposed tensor of shape [2]');
  });
});

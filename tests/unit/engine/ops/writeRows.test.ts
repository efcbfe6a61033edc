import { describe, expect, it } from 'vitest';
import { scope } from '../../../../src-main/engine/autodiff/scope.ts';
import { fromValues, indicesFrom, writeRows } from '../../../../src-main/engine/ops/index.ts';
import { loadTestBackend } from '../testBackend.ts';

describe.each(['fused', 'composed'] as const)('writeRows on %s operations', (form) => {
  it('puts rows in their places and drops those without one', async () => {
    const backend = await loadTestBackend(form);
    const handles = backend.liveHandles;
    scope(() => {
      const table = fromValues(backend, new Float32Array(12), [2, 3, 2], 'float32');
      const rows = fromValues(backend, Float32Array.of(1, 2, 3, 4, 5, 6), [3, 2], 'float32');
      const written = writeRows(table, rows, indicesFrom(backend, [4, -1, 0]));
      expect(written.shape).toEqual([2, 3, 2]);
      expect([...written.values()]).toEqual([5, 6, 0, 0, 0, 0, 0, 0, 1, 2, 0, 0]);
    });
    expect(backend.liveHandles).toBe(handles);
  });

  it('refuses rows that do not fit', async () => {
    const backend = await loadTestBackend(form);
    scope(() => {
      const table = fromValues(backend, new Float32Array(6), [3, 2], 'float32');
      const rows = fromValues(backend, new Float32Array(4), [2, 2], 'float32');
      expect(() => writeRows(table, rows, indicesFrom(backend, [1]))).toThrow('do not fit');
    });
  });
});

import type { Backend } from '../../../../src-main/engine/backend/backend.ts';

/** A backend whose operations can be made to fail, to see that nothing is left behind. */
export interface FailingBackend {
  readonly backend: Backend;
  /** The operation with this number, from 0, throws; null: none does. Starts the count again. */
  failAt(number: number | null): void;
  /** Whether the failure came. */
  readonly failed: boolean;
}

/**
 * Wraps `inner`; `release` never fails.
 * @param message of the failure; left out, it names the operation
 */
export function makeFailing(inner: Backend, message?: string): FailingBackend {
  let left: number | null = null;
  let failed = false;
  const backend = new Proxy(inner, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function' || name === 'release') {
        return typeof value === 'function' ? value.bind(target) : value;
      }
      return (...inputs: unknown[]): unknown => {
        if (left !== null && left-- === 0) {
          failed = true;
          throw new Error(message ?? `${String(name)} failed`);
        }
        return Reflect.apply(value, target, inputs);
      };
    },
  });
  return {
    backend,
    failAt: (number) => {
      left = number;
      failed = false;
    },
    get failed() {
      return failed;
    },
  };
}

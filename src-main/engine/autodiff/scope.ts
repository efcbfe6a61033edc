import type { Tensor } from './tensor.ts';

/** Tensors made inside the innermost running scope, to be released at its end unless they leave it. */
let current: Set<Tensor> | null = null;

/** Called for each new tensor: the innermost scope owns it. Outside any scope the caller owns it. */
export function adopt(tensor: Tensor): void {
  current?.add(tensor);
}

type Leaving =
  | Tensor
  | null
  | undefined
  | readonly Leaving[]
  | { readonly [name: string]: unknown }
  | number
  | boolean
  | string;

function collectTensors(
  value: unknown,
  found: Set<Tensor>,
  isTensor: (value: unknown) => value is Tensor,
): void {
  if (isTensor(value)) found.add(value);
  else if (Array.isArray(value)) for (const item of value) collectTensors(item, found, isTensor);
  else if (value instanceof Map) for (const item of value.values()) collectTensors(item, found, isTensor);
  else if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
    for (const item of Object.values(value)) collectTensors(item, found, isTensor);
  }
}

let isTensor: (value: unknown) => value is Tensor;
/** Tensor registers its own type test here: scope.ts and tensor.ts would otherwise need each other at load time. */
export function registerTensorTest(test: (value: unknown) => value is Tensor): void {
  isTensor = test;
}

/**
 * Runs `body` and then disposes every tensor made in it, except those in its result (a tensor, or plain objects,
 * arrays and maps of tensors), which move to the enclosing scope. What a tape saved stays alive until backward.
 */
export function scope<Result extends Leaving | void | ReadonlyMap<string, Tensor>>(
  body: () => Result,
): Result {
  const outer = current;
  const mine = new Set<Tensor>();
  current = mine;
  try {
    const result = body();
    const leaving = new Set<Tensor>();
    collectTensors(result, leaving, isTensor);
    for (const tensor of leaving) if (mine.delete(tensor)) outer?.add(tensor);
    return result;
  } finally {
    current = outer;
    for (const tensor of mine) tensor.dispose();
  }
}

/** Takes a tensor out of the running scope: the caller owns it from here on. */
export function keep<Kept extends Tensor>(tensor: Kept): Kept {
  current?.delete(tensor);
  return tensor;
}

import { scope } from '../autodiff/scope.ts';
import { isRecording, withoutGradient } from '../autodiff/tape.ts';
import type { Tensor } from '../autodiff/tensor.ts';

type Results = Tensor | { readonly [name: string]: Tensor | null };

/** Computes the forward pass of an operation out of other operations: nothing recorded, only the results kept. */
export function unrecorded<Result extends Results>(body: () => Result): Result {
  return withoutGradient(() => scope(body));
}

/** Whether an operation on these inputs will be recorded, so that its derivative is worth preparing. */
export function willRecord(...inputs: readonly Tensor[]): boolean {
  return isRecording() && inputs.some((input) => input.requiresGradient);
}

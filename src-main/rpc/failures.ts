import { ORPCError, mapEventIterator } from '@orpc/client';
import { ValidationError } from '@orpc/contract';
import { type Problem, describeProblem, problemsFromError } from '../contract/errors/index.ts';

function isIterator(value: unknown): value is AsyncIteratorObject<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

/** Values the contract does not allow, each named by its path. */
function problemsOfValidation(error: ValidationError): Problem[] {
  return error.issues.map((issue) => {
    const path = (issue.path ?? [])
      .map((part) => String(typeof part === 'object' ? part.key : part))
      .join('.');
    return describeProblem('common.invalidInput', { path: path || '–', detail: issue.message }, path);
  });
}

/** Any failure of a procedure as the one error of the contract, with its problems. */
function toFailure(error: unknown): ORPCError<'FAILED', { problems: Problem[] }> {
  const problems =
    error instanceof ORPCError && error.cause instanceof ValidationError
      ? problemsOfValidation(error.cause)
      : [...problemsFromError(error)];
  return new ORPCError('FAILED', {
    status: 422,
    message: problems[0]?.message ?? 'FAILED',
    data: { problems },
    cause: error,
  });
}

/** Runs a procedure so that whatever it throws, also in the midst of a stream, is the contract's error. */
export async function withFailures<Result extends { output: unknown }>(
  call: () => Result | PromiseLike<Result>,
  report: (error: unknown) => void,
): Promise<Result> {
  const fail = (error: unknown) => {
    report(error);
    return toFailure(error);
  };
  let result: Result;
  try {
    result = await call();
  } catch (error) {
    throw fail(error);
  }
  if (!isIterator(result.output)) return result;
  const output = mapEventIterator(result.output, {
    value: (value) => Promise.resolve(value),
    error: (error) => Promise.resolve(fail(error)),
  });
  return { ...result, output };
}

import { ORPCError } from '@orpc/client';
import { type Problem, describeProblem } from '../../src-main/contract/errors/index.ts';

function isProblem(value: unknown): value is Problem {
  return (
    typeof value === 'object' &&
    value !== null &&
    'code' in value &&
    typeof value.code === 'string' &&
    'message' in value &&
    typeof value.message === 'string' &&
    'hint' in value &&
    typeof value.hint === 'string' &&
    'params' in value &&
    typeof value.params === 'object'
  );
}

function listIn(data: unknown): Problem[] {
  if (typeof data !== 'object' || data === null || !('problems' in data)) return [];
  return Array.isArray(data.problems) ? data.problems.filter(isProblem) : [];
}

/** What a failed call says, as problems to show; a failure without a list becomes one unexpected problem. */
export function problemsFromFailure(error: unknown): readonly Problem[] {
  if (error instanceof ORPCError) {
    const problems = listIn(error.data);
    if (problems.length > 0) return problems;
  }
  const detail = error instanceof Error ? error.message : String(error);
  return [describeProblem('common.unexpected', { detail })];
}

export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

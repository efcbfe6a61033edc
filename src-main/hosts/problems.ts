import { ORPCError } from '@orpc/client';
import { z } from 'zod';
import { type Problem, localizeProblem, problemSchema, problemsFromError } from '../contract/errors/index.ts';
import { systemLanguage } from './language.ts';

const failureSchema = z.object({ problems: z.array(problemSchema).min(1) });

/** The problems behind any error, also one that came through the contract. */
export function problemsOf(error: unknown): readonly Problem[] {
  if (error instanceof ORPCError) {
    const parsed = failureSchema.safeParse(error.data);
    if (parsed.success) return parsed.data.problems;
  }
  return problemsFromError(error);
}

/** One line per problem, with its remedy, in the machine's language. */
export function describeProblems(problems: readonly Problem[]): string {
  const language = systemLanguage();
  return problems
    .map((problem) => {
      const { message, hint } = localizeProblem(problem, language);
      return `${message} ${hint}`.trim();
    })
    .join('\n');
}

/** Writes what went wrong to the error output. */
export function writeProblems(error: unknown): void {
  process.stderr.write(`${describeProblems(problemsOf(error))}\n`);
}

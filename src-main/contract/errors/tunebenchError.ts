import { z } from 'zod';
import { type Language, type TextParams, fillTemplate, textParamsSchema } from '../text.ts';
import { type ErrorCode, errorCatalogue } from './catalogue.ts';

/** What went wrong, as it travels between processes and to a person. `path` names the field it concerns. */
export const problemSchema = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string(),
  params: textParamsSchema,
  path: z.string().optional(),
});
export type Problem = z.infer<typeof problemSchema> & { code: ErrorCode | (string & {}) };

/** Describes a problem in English; `localizeProblem` says it in another language. */
export function describeProblem(code: ErrorCode, params: TextParams = {}, path?: string): Problem {
  const text = errorCatalogue[code];
  return {
    code,
    message: fillTemplate(text.message, 'en', params),
    hint: fillTemplate(text.hint, 'en', params),
    params: { ...params },
    ...(path === undefined ? {} : { path }),
  };
}

function isErrorCode(code: string): code is ErrorCode {
  return code in errorCatalogue;
}

/** The same problem in the given language; codes this build does not know keep their own words. */
export function localizeProblem(problem: Problem, language: Language): { message: string; hint: string } {
  if (!isErrorCode(problem.code)) return { message: problem.message, hint: problem.hint };
  const text = errorCatalogue[problem.code];
  return {
    message: fillTemplate(text.message, language, problem.params),
    hint: fillTemplate(text.hint, language, problem.params),
  };
}

/** The one error class of the workbench: a problem from the catalogue, its cause, and the list when there are several. */
export class TunebenchError extends Error {
  readonly code: ErrorCode;
  readonly hint: string;
  readonly params: TextParams;
  readonly problems: readonly Problem[];

  constructor(
    code: ErrorCode,
    params: TextParams = {},
    details: { cause?: unknown; problems?: readonly Problem[] } = {},
  ) {
    const problem = describeProblem(code, params);
    super(problem.message, { cause: details.cause });
    this.name = 'TunebenchError';
    this.code = code;
    this.hint = problem.hint;
    this.params = params;
    this.problems = details.problems ?? [problem];
  }
}

/** One error for a list of problems: the problem itself when there is one, a summary naming all when there are more. */
export function errorFromProblems(problems: readonly Problem[]): TunebenchError {
  const only = problems.length === 1 ? problems[0] : undefined;
  if (only !== undefined && isErrorCode(only.code)) {
    return new TunebenchError(only.code, only.params, { problems });
  }
  return new TunebenchError('common.severalProblems', { count: problems.length }, { problems });
}

/** Any thrown value as problems; what is not ours becomes `common.unexpected` with its message. */
export function problemsFromError(error: unknown): readonly Problem[] {
  if (error instanceof TunebenchError) return error.problems;
  const detail = error instanceof Error ? error.message : String(error);
  return [describeProblem('common.unexpected', { detail })];
}

import vm from 'node:vm';
import { TunebenchError } from '../contract/errors/index.ts';

/** So many texts at once may take so long; an ordinary expression needs a hundredth of it. */
export const textsPerTrial = 200;
const limitMs = 250;
const mostTrials = 20;

/** The error is one of the context's own, whose `Error` is another than ours. */
function isTimeout(error: unknown): boolean {
  const told = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return told === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
}

/**
 * A regular expression of a person's own that cannot hang the program: some take time that doubles with every character
 * (https://owasp.org/www-community/attacks/Regular_expression_Denial_of_Service_-_ReDoS), and are given up.
 * @returns for each text, up to `textsPerTrial` at once, whether the expression is found in it, without regard to case
 * @throws TunebenchError `labels.badExpression` at once, `labels.slowExpression` when it is used
 */
export function boundedExpression(pattern: string): (texts: readonly string[]) => boolean[] {
  try {
    new RegExp(pattern, 'iu');
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new TunebenchError('labels.badExpression', { pattern, detail });
  }
  const scope: { pattern: string; texts: readonly string[]; found: unknown } = {
    pattern,
    texts: [],
    found: [],
  };
  const context = vm.createContext(scope);
  vm.runInContext("const expression = new RegExp(pattern, 'iu')", context);
  const trial = new vm.Script('found = texts.map((text) => expression.test(text))');
  return (texts) => {
    scope.texts = texts;
    for (let trials = 1; ; trials++) {
      const before = process.cpuUsage();
      try {
        trial.runInContext(context, { timeout: limitMs });
        break;
      } catch (error) {
        if (!isTimeout(error)) throw error;
        const { user, system } = process.cpuUsage(before);
        // On a busy machine the time may have gone to other programs: then it is not the expression that is slow.
        if ((user + system) / 1000 < limitMs / 2 && trials < mostTrials) continue;
        throw new TunebenchError('labels.slowExpression', { pattern }, { cause: error });
      }
    }
    return Array.isArray(scope.found) ? scope.found.map(Boolean) : [];
  };
}

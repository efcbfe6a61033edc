import { type Problem, describeProblem } from './errors/index.ts';
import type { RunSummary } from './runs.ts';

const fields = {
  name: (run) => [run.name],
  status: (run) => [run.status],
  method: (run) => [run.methodId],
  model: (run) => [run.modelName, run.modelId],
  data: (run) => [run.datasetName, run.datasetId],
  task: (run) => [run.task],
  tag: (run) => run.tags,
  group: (run) => (run.group === null ? [] : [run.group]),
  project: (run) => (run.project === null ? [] : [run.project]),
  id: (run) => [run.id],
} as const satisfies Record<string, (run: RunSummary) => readonly string[]>;
const flags = {
  starred: (run) => run.starred,
  archived: (run) => run.archived,
} as const satisfies Record<string, (run: RunSummary) => boolean>;
const operators = {
  '<=': (found, wanted) => found <= wanted,
  '>=': (found, wanted) => found >= wanted,
  '<': (found, wanted) => found < wanted,
  '>': (found, wanted) => found > wanted,
  '=': (found, wanted) => found === wanted,
} as const satisfies Record<string, (found: number, wanted: number) => boolean>;

type Field = keyof typeof fields;
type Flag = keyof typeof flags;
type Operator = keyof typeof operators;

type Condition =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'field'; readonly field: Field; readonly value: string }
  | { readonly kind: 'flag'; readonly flag: Flag }
  | { readonly kind: 'number'; readonly name: string; readonly operator: Operator; readonly value: number };

/** A question about runs: all of its terms must hold. */
export interface RunFilter {
  readonly terms: readonly (Condition & { readonly negated: boolean })[];
  /** Terms that cannot be understood; they filter nothing. */
  readonly problems: readonly Problem[];
}

function isKeyOf<Table extends object>(table: Table, name: string): name is Extract<keyof Table, string> {
  return Object.hasOwn(table, name);
}

/** Words, where quotes keep what belongs together: `tag:"two words"`. */
function splitTerms(text: string): string[] {
  return (text.match(/(?:"[^"]*"?|[^\s"])+/g) ?? []).map((term) => term.replaceAll('"', ''));
}

function parseTerm(term: string): Condition | null {
  const comparison = /^([\p{L}][\p{L}\d.]*)(<=|>=|<|>|=)(.+)$/u.exec(term);
  if (comparison) {
    const [, name = '', operator = '', text = ''] = comparison;
    const value = Number(text);
    return isKeyOf(operators, operator) && !Number.isNaN(value)
      ? { kind: 'number', name, operator, value }
      : null;
  }
  const [, name, value] = /^([a-z]+):(.+)$/.exec(term) ?? [];
  if (name === undefined || value === undefined) return { kind: 'text', text: term };
  if (name === 'is') return isKeyOf(flags, value) ? { kind: 'flag', flag: value } : null;
  return isKeyOf(fields, name) ? { kind: 'field', field: name, value } : null;
}

/**
 * Reads a question such as `lora status:completed accuracy>0.8 learningRate<1e-3 -tag:draft is:starred`. Words are
 * looked for in names; numbers are compared with the newest metric of that name (`accuracy` is the test's, else the
 * validation's, else the training's; `train.loss` names one) or with a setting.
 */
export function parseRunFilter(text: string): RunFilter {
  const terms: (Condition & { negated: boolean })[] = [];
  const problems: Problem[] = [];
  for (const written of splitTerms(text)) {
    const negated = written.length > 1 && written.startsWith('-');
    const condition = parseTerm(negated ? written.slice(1) : written);
    if (condition) terms.push({ ...condition, negated });
    else {
      const known = [...Object.keys(fields), ...Object.keys(flags).map((flag) => `is:${flag}`)].join(', ');
      problems.push(describeProblem('run.filterTerm', { term: written, known }));
    }
  }
  return { terms, problems };
}

/** The number a name stands for in a run: a metric of a named split, of the most honest split, or a setting. */
export function runNumber(run: RunSummary, name: string): number | undefined {
  const { config, metrics } = run;
  const found =
    metrics[name] ??
    metrics[`test.${name}`] ??
    metrics[`validation.${name}`] ??
    metrics[`train.${name}`] ??
    config.training[name] ??
    config.method.options[name] ??
    config.objective[name];
  if (name === 'trainableParameters') return run.trainableParameters ?? undefined;
  return typeof found === 'number' ? found : undefined;
}

const includes = (texts: readonly string[], part: string) =>
  texts.some((text) => text.toLocaleLowerCase().includes(part.toLocaleLowerCase()));

function holds(condition: Condition, run: RunSummary): boolean {
  switch (condition.kind) {
    case 'text':
      return includes([run.name, run.modelName, run.datasetName, run.methodId, ...run.tags], condition.text);
    case 'field':
      return includes(fields[condition.field](run), condition.value);
    case 'flag':
      return flags[condition.flag](run);
    case 'number': {
      const found = runNumber(run, condition.name);
      return found !== undefined && operators[condition.operator](found, condition.value);
    }
    default:
      return condition satisfies never;
  }
}

/** Whether a run answers the question. Archived runs do only where the question is about them. */
export function matchesRun({ terms }: RunFilter, run: RunSummary): boolean {
  const asksForArchived = terms.some((term) => term.kind === 'flag' && term.flag === 'archived');
  if (run.archived && !asksForArchived) return false;
  return terms.every((term) => holds(term, run) !== term.negated);
}

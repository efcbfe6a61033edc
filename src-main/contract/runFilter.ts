import { type Problem, describeProblem } from './errors/index.ts';
import type { RunSummary } from './runs.ts';
import { type RunExtremes, metricsToReduce, runValue } from './runValues.ts';

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
  parent: (run) => (run.parentRunId === null ? [] : [run.parentRunId]),
} as const satisfies Record<string, (run: RunSummary) => readonly string[]>;
const flags = {
  starred: (run) => run.starred,
  archived: (run) => run.archived,
} as const satisfies Record<string, (run: RunSummary) => boolean>;
const operators = {
  '<=': (found, wanted) => found <= wanted,
  '>=': (found, wanted) => found >= wanted,
  '!=': (found, wanted) => found !== wanted,
  '<': (found, wanted) => found < wanted,
  '>': (found, wanted) => found > wanted,
  '=': (found, wanted) => found === wanted,
} as const satisfies Record<string, (found: number, wanted: number) => boolean>;
/** Milliseconds of what may stand behind a number of days and the like. */
const spansMs = { h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 } as const;

type Field = keyof typeof fields;
type Flag = keyof typeof flags;
type Operator = keyof typeof operators;

type Condition =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'field'; readonly field: Field; readonly value: string }
  | { readonly kind: 'flag'; readonly flag: Flag }
  | { readonly kind: 'number'; readonly name: string; readonly operator: Operator; readonly value: number }
  | { readonly kind: 'setting'; readonly name: string; readonly equal: boolean; readonly value: string }
  | { readonly kind: 'time'; readonly side: 'since' | 'until'; readonly atMs: number };
type Term = Condition & { readonly negated: boolean };

/** A question about runs: all terms of one of its alternatives must hold. */
export interface RunFilter {
  readonly alternatives: readonly (readonly Term[])[];
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

/** `7d` ago, or the begin (`since`) or end (`until`) of a day on this clock. */
function parseTime(side: 'since' | 'until', text: string, nowMs: number): number | null {
  const [, count, span] = /^(\d{1,5})([hdw])$/.exec(text) ?? [];
  if (count !== undefined && span !== undefined && isKeyOf(spansMs, span)) {
    return nowMs - Number(count) * spansMs[span];
  }
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return null;
  const begin = new Date(`${text}T00:00`).getTime();
  if (Number.isNaN(begin)) return null;
  return side === 'since' ? begin : begin + spansMs.d;
}

function parseComparison(name: string, operator: string, text: string): Condition | null {
  if (!isKeyOf(operators, operator)) return null;
  const value = Number(text);
  if (!Number.isNaN(value)) return { kind: 'number', name, operator, value };
  return operator === '=' || operator === '!='
    ? { kind: 'setting', name, equal: operator === '=', value: text }
    : null;
}

function parseTerm(term: string, nowMs: number): Condition | null {
  const comparison = /^((?:best|min|max|last)\([^()<>=]+\)|\p{L}[\p{L}\d._]*)(<=|>=|!=|<|>|=)(.+)$/u.exec(
    term,
  );
  if (comparison) {
    const [, name = '', operator = '', text = ''] = comparison;
    return parseComparison(name, operator, text);
  }
  const [, name, value] = /^([a-z]+):(.+)$/.exec(term) ?? [];
  if (name === undefined || value === undefined) return { kind: 'text', text: term };
  if (name === 'is') return isKeyOf(flags, value) ? { kind: 'flag', flag: value } : null;
  if (name === 'since' || name === 'until') {
    const atMs = parseTime(name, value, nowMs);
    return atMs === null ? null : { kind: 'time', side: name, atMs };
  }
  return isKeyOf(fields, name) ? { kind: 'field', field: name, value } : null;
}

/**
 * Reads a question such as `lora status:completed accuracy>0.8 schedule=cosine since:7d -tag:draft OR is:starred`. Words
 * are looked for in names; what is compared are the columns of `runValue`: metrics (`accuracy`, `best(train.loss)`),
 * settings and facts. Terms hold together; `OR` stands between alternatives.
 */
export function parseRunFilter(text: string, nowMs = Date.now()): RunFilter {
  const alternatives: Term[][] = [[]];
  const problems: Problem[] = [];
  for (const written of splitTerms(text)) {
    if (written === 'OR') {
      alternatives.push([]);
      continue;
    }
    const negated = written.length > 1 && written.startsWith('-');
    const condition = parseTerm(negated ? written.slice(1) : written, nowMs);
    if (condition) alternatives.at(-1)?.push({ ...condition, negated });
    else {
      const names = [...Object.keys(fields), 'since', 'until'];
      const known = [...names, ...Object.keys(flags).map((flag) => `is:${flag}`)].join(', ');
      problems.push(describeProblem('run.filterTerm', { term: written, known }));
    }
  }
  // Nothing between two ORs asks for nothing, which every run would answer.
  const asked = alternatives.filter((terms) => terms.length > 0);
  return { alternatives: asked.length > 0 ? asked : [[]], problems };
}

/** The metrics whose extremes a question needs. */
export function metricsOfFilter({ alternatives }: RunFilter): string[] {
  return metricsToReduce(
    alternatives
      .flat()
      .flatMap((term) => (term.kind === 'number' || term.kind === 'setting' ? [term.name] : [])),
  );
}

const includes = (texts: readonly string[], part: string) =>
  texts.some((text) => text.toLocaleLowerCase().includes(part.toLocaleLowerCase()));

function holds(condition: Condition, run: RunSummary, extremes: RunExtremes | undefined): boolean {
  switch (condition.kind) {
    case 'text':
      return includes([run.name, run.modelName, run.datasetName, run.methodId, ...run.tags], condition.text);
    case 'field':
      return includes(fields[condition.field](run), condition.value);
    case 'flag':
      return flags[condition.flag](run);
    case 'number': {
      const found = runValue(run, condition.name, extremes);
      return typeof found === 'number' && operators[condition.operator](found, condition.value);
    }
    case 'setting': {
      const found = runValue(run, condition.name, extremes);
      if (found === undefined) return false;
      const wanted = condition.value.toLocaleLowerCase();
      const texts = [found].flat().map((value) => String(value).toLocaleLowerCase());
      return texts.includes(wanted) === condition.equal;
    }
    case 'time': {
      const createdMs = Date.parse(run.createdAt);
      return condition.side === 'since' ? createdMs >= condition.atMs : createdMs < condition.atMs;
    }
    default:
      return condition satisfies never;
  }
}

/**
 * Whether a run answers the question. Archived runs do only where the question is about them.
 * @param extremes of the metrics that `metricsOfFilter` names
 */
export function matchesRun({ alternatives }: RunFilter, run: RunSummary, extremes?: RunExtremes): boolean {
  return alternatives.some((terms) => {
    const asksForArchived = terms.some((term) => term.kind === 'flag' && term.flag === 'archived');
    if (run.archived && !asksForArchived) return false;
    return terms.every((term) => holds(term, run, extremes) !== term.negated);
  });
}

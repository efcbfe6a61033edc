import { type Problem, TunebenchError, describeProblem } from '../../contract/errors/index.ts';
import { type ColumnRole, type Task, headOf, missingRoles } from '../../contract/methods.ts';
import { checkOptions } from '../../contract/options.ts';
import type { Metrics } from '../../contract/runs.ts';
import type { Backend } from '../backend/backend.ts';
import type { DataRow, Example } from '../data/examples.ts';
import { readRows } from '../data/rows.ts';
import type { TextTokenizer } from '../data/tokenizer.ts';
import type { EngineFiles } from '../files.ts';
import type { WeightForm } from '../models/loadParameters.ts';
import type { Model } from '../models/model.ts';
import { hasOwnHead, underMaskedHead } from '../models/ownHeads.ts';
import type { OpenObjective } from '../objectives/objective.ts';
import { objectiveFor } from '../objectives/registry.ts';
import { type EvaluationSetup, evaluate } from './evaluate.ts';

// Texts that a run does not learn from, measured before it and at each of its evaluations: what the model forgets of
// what it knew (https://doi.org/10.1016/S0079-7421(08)60536-8).

/** Examples measured each time: enough for a steady number, few enough to cost little. */
const measuredExamples = 256;

/** What decides how watched texts can be measured. */
export interface WatchQuestion {
  readonly task: Task;
  readonly modelFolder: string;
  /** Classes of the run, in the order of the logits. */
  readonly labels: readonly string[];
  /** Whether the method computes each text several times at once. */
  readonly copies: boolean;
  readonly watched: {
    /** For sentences. */
    readonly name: string;
    readonly roles: Readonly<Partial<Record<ColumnRole, unknown>>>;
    /** Classes that occur, as the run's task finds them. */
    readonly labels: readonly string[];
  };
}

function canMeasureOwnTask(files: EngineFiles, question: WatchQuestion): boolean {
  const { task, modelFolder, labels, watched } = question;
  // Pairs of answers are compared with what the model thought of them before: that is no score of the model alone.
  if (task === 'preference' || missingRoles(objectiveFor(task).spec, watched.roles).length > 0) return false;
  return (
    watched.labels.every((label) => labels.includes(label)) && hasOwnHead(files, modelFolder, task, labels)
  );
}

/**
 * By which task watched texts are measured: the run's own where the model could do it before, otherwise by how well the
 * model knows their language.
 * @returns the task, or why nothing honest can be measured
 */
export function chooseWatchTask(files: EngineFiles, question: WatchQuestion): Task | Problem {
  const { task, modelFolder, watched, copies } = question;
  if (canMeasureOwnTask(files, question)) return task;
  const { name } = watched;
  const refuse = (code: 'run.watchNoHead' | 'run.watchLacksText' | 'run.watchNotForMethod') =>
    describeProblem(code, { dataset: name, task }, 'watchDatasetId');
  const language: Task = headOf(task) === 'nextToken' ? 'causalLm' : 'maskedLm';
  if (!hasOwnHead(files, modelFolder, language, [])) return refuse('run.watchNoHead');
  if (missingRoles(objectiveFor(language).spec, watched.roles).length > 0)
    return refuse('run.watchLacksText');
  if (copies && language !== task) return refuse('run.watchNotForMethod');
  return language;
}

/** Some of many, evenly spread: as many as are measured, or so many. */
export function spread<Item>(items: readonly Item[], count = measuredExamples): readonly Item[] {
  if (items.length <= count) return items;
  return Array.from(
    { length: count },
    (_, place) => items[Math.floor((place * items.length) / count)],
  ).flatMap((item) => item ?? []);
}

/** Rows that were held out come first: others may have been learned by heart in an earlier run. */
function readWatchedRows(files: EngineFiles, dataFile: string): readonly DataRow[] {
  const { train, validation, test } = readRows(files, dataFile);
  const heldOut = spread([...validation, ...test]);
  return [...heldOut, ...spread(train, measuredExamples - heldOut.length)];
}

/** Where a row has texts that stand for themselves. */
const readParts = ['text', 'textPair', 'prompt', 'completion', 'question', 'context'] as const;

/** The texts of a row by themselves, to be compared with plain texts; conversations and tagged words stay as they are. */
function plainTexts(row: DataRow): DataRow[] {
  const texts = readParts.flatMap((part) => row[part] || []);
  return texts.length === 0 ? [row] : texts.map((text) => ({ split: row.split, text }));
}

/** Watched texts at hand. */
export interface Watch {
  /** What the model makes of the watched texts now; null where there are none of use, or it was ended early. */
  measure(setup: Pick<EvaluationSetup, 'betweenBatches' | 'shouldStop'>): Promise<Metrics | null>;
  /** The same score on the run's own training texts. */
  measureOwn(setup: Pick<EvaluationSetup, 'betweenBatches' | 'shouldStop'>): Promise<Metrics | null>;
  dispose(): void;
}

export interface WatchSetup {
  readonly task: Task;
  readonly dataFile: string;
  readonly files: EngineFiles;
  readonly backend: Backend;
  readonly tokenizer: TextTokenizer;
  readonly model: Model;
  readonly form: WeightForm;
  /** The run's own objective, which measures where the task is the run's. */
  readonly own: { readonly task: Task; readonly objective: OpenObjective };
  readonly trainRows: readonly DataRow[];
  readonly maximumLength: number;
  readonly maximumTokens: number;
  readonly batchSize: number;
}

function openObjective({ task, own, tokenizer, maximumLength }: WatchSetup): OpenObjective {
  if (task === own.task) return own.objective;
  const objective = objectiveFor(task);
  const { values } = checkOptions(objective.spec.options, { maximumLength }, 'objective');
  return objective.open({ tokenizer, labels: [], options: values, trainRows: [] });
}

/**
 * Reads the watched texts; call before a method attaches, so that the first measurement is of the model as it was.
 * @throws TunebenchError `run.watchEmpty` where no row holds anything to measure
 */
export function openWatch(setup: WatchSetup): Watch {
  const { files, backend, tokenizer, task, own, batchSize, maximumTokens } = setup;
  const objective = openObjective(setup);
  const prepare = (rows: readonly DataRow[]): readonly Example[] =>
    spread(objective.prepareRows(rows).examples);
  const rows = readWatchedRows(files, setup.dataFile);
  const examples = prepare(rows);
  if (examples.length === 0) throw new TunebenchError('run.watchEmpty', { task });
  const isLanguage = task === 'causalLm' || task === 'maskedLm';
  const isPlain = isLanguage && rows.every(({ completion, messages }) => !completion && !messages);
  const ownExamples = prepare(isPlain ? setup.trainRows.flatMap(plainTexts) : setup.trainRows);
  const needsHead = task === 'maskedLm' && own.task !== 'maskedLm';
  const model = needsHead ? underMaskedHead(setup.model, { files, backend, ...setup.form }) : setup.model;
  const place = { backend, padId: tokenizer.padId, packs: false };
  const measure =
    (measured: readonly Example[]): Watch['measure'] =>
    async (given) => {
      if (measured.length === 0) return null;
      const evaluation = await evaluate(
        { ...given, model, objective, place, batchSize, maximumTokens },
        measured,
      );
      return evaluation?.metrics ?? null;
    };
  return {
    measure: measure(examples),
    measureOwn: measure(ownExamples),
    dispose() {
      if (needsHead) model.dispose();
    },
  };
}

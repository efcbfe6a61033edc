import type { DatasetSummary } from '../../contract/datasets.ts';
import {
  type Problem,
  TunebenchError,
  describeProblem,
  errorFromProblems,
} from '../../contract/errors/index.ts';
import type { HelpSource, HelpState } from '../../contract/labelHelp.ts';
import { keyProblems } from '../../contract/labelKeys.ts';
import type { Agreement, RecordVotes, SimilarRecords } from '../../contract/labelRounds.ts';
import {
  type ActionResult,
  type HistoryEntry,
  type LabelAction,
  type LabelChoice,
  type LabelRecord,
  type LabelRule,
  type LabellingState,
  type LabellingSummary,
  type RecordFilter,
  type RecordPage,
  type RecordStatus,
  type RecordTarget,
  type RuleReport,
  type SavedFilter,
  fixedLabels,
  largestMatchCount,
} from '../../contract/labels.ts';
import { userName } from '../../platform/index.ts';
import type { ActionOutcome, PageQuery } from '../../store/store.ts';
import type { ServiceContext } from '../context.ts';
import { timestamp } from '../identity.ts';
import { checkAnswer, orderAnswer } from './answers.ts';
import { type HelpServices, LabelHelp } from './help.ts';
import { type OpenInput, openLabelling } from './openLabelling.ts';
import { measurePace } from './pace.ts';
import { planAction } from './planAction.ts';
import { publishLabelling } from './publish.ts';
import { planRenaming } from './rename.ts';
import { measureAgreement, openAdjudication, readVotes } from './rounds.ts';
import { type RuleTrial, tryRules } from './rules.ts';
import { findSimilar } from './similar.ts';

/** So many records one action may change: it is one transaction, and nothing else happens meanwhile. */
const largestAction = 50_000;
const answersForPace = 200;
const recordsPerPurge = 500;

/** Labelling: records opened from a dataset, every action on them, and the versions made of them. */
export function createLabelsService(context: ServiceContext, services: HelpServices) {
  const { store } = context;
  const { jobs } = services;
  const help = new LabelHelp(context, services);
  const author = userName() || context.host;
  const actor = () => ({ author, at: timestamp() });
  let closed = false;

  function get(id: string): LabellingSummary {
    const labelling = store.labels.get(id);
    if (labelling === undefined) throw new TunebenchError('common.notFound', { kind: 'labelling', id });
    return labelling;
  }

  function state(id: string): LabellingState {
    const known = store.labels.state(id);
    return {
      ...known,
      pace: measurePace(store.labels.recentLabels(id, answersForPace), known.byStatus.pending ?? 0),
      help: help.state(id),
    };
  }

  function withState(id: string, outcome: ActionOutcome): ActionResult {
    if (outcome.changed > 0) help.changed(get(id), outcome.changed);
    return { ...outcome, state: state(id) };
  }

  /** @throws TunebenchError `labels.tooMany` */
  function numbersOf(id: string, target: RecordTarget): readonly number[] {
    if ('numbers' in target) return target.numbers;
    const numbers = store.labels.matching(id, target.filter);
    if (numbers.length > largestAction) {
      throw new TunebenchError('labels.tooMany', { limit: largestAction, count: numbers.length });
    }
    return numbers;
  }

  function tryAll(id: string, rules: readonly LabelRule[]): Promise<RuleTrial> {
    const labelling = get(id);
    for (const { label } of rules) checkAnswer(labelling, { kind: 'labels', labels: [label] });
    return tryRules(rules, labelling.columns, store.labels.allRecords(id));
  }

  function add(id: string, datasetId: string): ActionOutcome {
    const dataset = store.datasets.get(datasetId);
    if (dataset === undefined)
      throw new TunebenchError('common.notFound', { kind: 'dataset', id: datasetId });
    if (dataset.rows > largestAction) {
      throw new TunebenchError('labels.tooMany', { limit: largestAction, count: dataset.rows });
    }
    const records = [...store.datasets.allRecords(datasetId)].map(({ split, fields }) => ({
      status: 'pending' as const,
      split,
      fields,
      answer: null,
      suggestion: null,
    }));
    return store.labels.add(id, { ...actor(), kind: 'add', value: dataset.name }, records);
  }

  async function suggest(id: string, rules: readonly LabelRule[]): Promise<ActionOutcome> {
    const { suggestions } = await tryAll(id, rules);
    if (suggestions.size > largestAction) {
      throw new TunebenchError('labels.tooMany', { limit: largestAction, count: suggestions.size });
    }
    const value = rules.map(({ pattern, label }) => `${pattern} → ${label}`).join(', ');
    return store.labels.act(id, { ...actor(), kind: 'suggest', value }, suggestions.keys(), ({ number }) => {
      const label = suggestions.get(number);
      return label === undefined
        ? undefined
        : { suggestion: { kind: 'labels', labels: [label] }, score: null };
    });
  }

  function rename(labelling: LabellingSummary, from: string, to: string): ActionOutcome {
    const { id } = labelling;
    const { labels, edit } = planRenaming(labelling, from, to);
    if (from === to) return { sequence: null, changed: 0, records: [] };
    const numbers = new Set([
      ...store.labels.matching(id, { labels: [from] }),
      ...store.labels.matching(id, { suggestion: from }),
    ]);
    if (numbers.size > largestAction) {
      throw new TunebenchError('labels.tooMany', { limit: largestAction, count: numbers.size });
    }
    const action = { ...actor(), kind: 'rename' as const, value: `${from} → ${to}`, labels };
    return store.labels.act(id, action, numbers, edit);
  }

  function record(id: string, number: number): LabelRecord {
    const [found] = store.labels.page(id, {
      filter: {},
      order: 'number',
      after: { value: 0, number: number - 1 },
      limit: 1,
    }).records;
    if (found?.number !== number) {
      throw new TunebenchError('common.notFound', { kind: 'record', id: String(number) });
    }
    return found;
  }

  let opening = 0;
  let purging = false;
  /** Clears removed and unfinished labellings away between other work; what is just being opened looks unfinished too. */
  async function purge(): Promise<void> {
    if (purging) return;
    purging = true;
    try {
      while (!closed && opening === 0 && store.labels.purgeSome(recordsPerPurge)) {
        await new Promise((resolve) => setImmediate(resolve));
      }
    } finally {
      purging = false;
    }
  }
  const purgeInBackground = () => {
    purge().catch((error: unknown) => context.log.write('error', 'purge failed', { error: String(error) }));
  };
  purgeInBackground();

  /** Fills a labelling with records. */
  async function filling<Result>(start: () => { finished: Promise<Result> }): Promise<Result> {
    opening++;
    try {
      return await start().finished;
    } finally {
      opening--;
      purgeInBackground();
    }
  }

  return {
    list: (): LabellingSummary[] => store.labels.list(),
    get(id: string): LabellingSummary & { state: LabellingState } {
      const labelling = get(id);
      help.wake(labelling);
      return { ...labelling, state: state(id) };
    },

    async open(input: OpenInput): Promise<LabellingSummary> {
      const dataset = store.datasets.get(input.datasetId);
      if (dataset === undefined) {
        throw new TunebenchError('common.notFound', { kind: 'dataset', id: input.datasetId });
      }
      return filling(() =>
        jobs.start(
          { kind: 'labelling', title: input.name ?? dataset.name, unit: 'rows', total: dataset.rows },
          async (control) => {
            const result = await openLabelling(context, dataset, input, control);
            return { result, resultId: result.id };
          },
        ),
      );
    },

    async remove(id: string): Promise<{ id: string }> {
      await help.forget(get(id));
      store.labels.remove(id);
      purgeInBackground();
      return { id };
    },

    page: (id: string, query: PageQuery): RecordPage => store.labels.page(id, query),
    count: (id: string, filter: RecordFilter) => ({
      count: store.labels.count(id, filter, largestMatchCount),
    }),

    record,

    async act(id: string, action: LabelAction): Promise<ActionResult> {
      const labelling = get(id);
      if (action.kind === 'add') return withState(id, add(id, action.datasetId));
      if (action.kind === 'suggest') return withState(id, await suggest(id, action.rules));
      if (action.kind === 'rename') return withState(id, rename(labelling, action.from, action.to));
      if (action.kind === 'label') checkAnswer(labelling, action.answer);
      const { kind, value, edit } = planAction(
        action.kind === 'label' ? { ...action, answer: orderAnswer(labelling, action.answer) } : action,
      );
      const numbers = action.kind === 'edit' ? [action.number] : numbersOf(id, action.target);
      return withState(id, store.labels.act(id, { ...actor(), kind, value }, numbers, edit));
    },

    undo: (id: string): ActionResult => withState(id, store.labels.undo(id, actor())),
    redo: (id: string): ActionResult => withState(id, store.labels.redo(id, actor())),
    revert: (id: string, sequence: number): ActionResult =>
      withState(id, store.labels.revert(id, sequence, actor())),
    history: (id: string, query: { before?: number; limit: number }): HistoryEntry[] =>
      store.labels.history(id, query),

    saveLabels(id: string, labels: readonly LabelChoice[]): LabellingSummary {
      const labelling = get(id);
      const names = new Set(labels.map(({ name }) => name));
      const problems: Problem[] = [];
      const repeated = labels.find(
        ({ name }, index) => labels.findIndex((other) => other.name === name) < index,
      );
      if (repeated !== undefined) problems.push(describeProblem('labels.sameName', { label: repeated.name }));
      const fixed = fixedLabels[labelling.task];
      if (fixed !== undefined && (names.size !== fixed.length || !fixed.every((name) => names.has(name)))) {
        problems.push(describeProblem('labels.fixedLabels'));
      }
      for (const clash of keyProblems(labels)) problems.push(describeProblem('labels.keyTaken', clash));
      for (const { name, count } of store.labels.state(id).byLabel) {
        if (!names.has(name)) problems.push(describeProblem('labels.labelInUse', { label: name, count }));
      }
      if (problems.length > 0) throw errorFromProblems(problems);
      store.labels.saveLabels(id, labels);
      return get(id);
    },

    tryRules: async (id: string, rules: readonly LabelRule[]): Promise<RuleReport> =>
      (await tryAll(id, rules)).report,

    startHelp: (id: string, source: HelpSource): Promise<HelpState | null> => help.start(get(id), source),

    async stopHelp(id: string): Promise<{ id: string }> {
      get(id);
      await help.stop(id);
      return { id };
    },

    similar(id: string, query: { number: number; limit: number }): Promise<SimilarRecords> {
      const labelling = get(id);
      help.wake(labelling);
      return findSimilar(context, services.evaluation, labelling, help.teacher(id), query, (number) =>
        record(id, number),
      );
    },

    filters: (id: string): SavedFilter[] => store.labels.filters(get(id).datasetId),

    saveFilter(id: string, filter: SavedFilter): SavedFilter[] {
      const { datasetId } = get(id);
      store.labels.saveFilter(datasetId, filter);
      return store.labels.filters(datasetId);
    },

    removeFilter(id: string, name: string): SavedFilter[] {
      const { datasetId } = get(id);
      store.labels.removeFilter(datasetId, name);
      return store.labels.filters(datasetId);
    },

    agreement: (ids: readonly string[]): Promise<Agreement> => measureAgreement(context, ids.map(get)),

    adjudicate(ids: readonly string[], name: string | undefined): Promise<LabellingSummary> {
      const rounds = ids.map(get);
      const title = name ?? rounds.map((round) => round.name).join(' + ');
      return filling(() =>
        jobs.start({ kind: 'labelling', title, unit: 'rows' }, async (control) => {
          const result = await openAdjudication(context, rounds, title, control);
          return { result, resultId: result.id };
        }),
      );
    },

    votes: (id: string, numbers: readonly number[]): RecordVotes[] => readVotes(context, get(id), numbers),

    publish(
      id: string,
      input: { name?: string; statuses: readonly RecordStatus[] },
    ): Promise<DatasetSummary> {
      const labelling = get(id);
      const name = input.name ?? labelling.name;
      return jobs.start({ kind: 'labelling', title: name, unit: 'rows' }, async (control) => {
        const result = await publishLabelling(
          context,
          labelling,
          { name, statuses: input.statuses },
          control,
        );
        return { result, resultId: result.id };
      }).finished;
    },

    close(): void {
      closed = true;
      help.close();
    },
  };
}

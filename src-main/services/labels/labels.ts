import type { DatasetSummary } from '../../contract/datasets.ts';
import { TunebenchError, errorFromProblems } from '../../contract/errors/index.ts';
import type { HelpSource, HelpState } from '../../contract/labelHelp.ts';
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
  type RuleReport,
  type SavedFilter,
  largestMatchCount,
} from '../../contract/labels.ts';
import { userName } from '../../platform/index.ts';
import type { ActionOutcome, PageQuery } from '../../store/store.ts';
import type { ServiceContext } from '../context.ts';
import { timestamp } from '../identity.ts';
import { createActions, tryAll } from './actions.ts';
import { checkChoices } from './checkChoices.ts';
import { type HelpServices, LabelHelp } from './help.ts';
import { type OpenInput, openLabelling } from './openLabelling.ts';
import { measurePace } from './pace.ts';
import { publishLabelling } from './publish.ts';
import { Purging } from './purging.ts';
import { measureAgreement, openAdjudication, readVotes } from './rounds.ts';
import { findSimilar } from './similar.ts';

const answersForPace = 200;

/** Labelling: records opened from a dataset, every action on them, and the versions made of them. */
export function createLabelsService(context: ServiceContext, services: HelpServices) {
  const { store } = context;
  const { jobs } = services;
  const help = new LabelHelp(context, services);
  const author = userName() || context.host;
  const actor = () => ({ author, at: timestamp() });
  const actions = createActions(context, actor);
  const purging = new Purging(context);

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

  purging.start();

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
      return purging.whileOpening(
        () =>
          jobs.start(
            { kind: 'labelling', title: input.name ?? dataset.name, unit: 'rows', total: dataset.rows },
            async (control) => {
              const result = await openLabelling(context, dataset, input, control);
              return { result, resultId: result.id };
            },
          ).finished,
      );
    },

    async remove(id: string): Promise<{ id: string }> {
      await help.forget(get(id));
      store.labels.remove(id);
      purging.start();
      return { id };
    },

    page: (id: string, query: PageQuery): RecordPage => store.labels.page(id, query),
    count: (id: string, filter: RecordFilter) => ({
      count: store.labels.count(id, filter, largestMatchCount),
    }),

    record,

    async act(id: string, action: LabelAction): Promise<ActionResult> {
      const labelling = get(id);
      const outcome =
        action.kind === 'suggest'
          ? await actions.suggest(labelling, action.rules)
          : actions.perform(labelling, action);
      return withState(id, outcome);
    },

    undo: (id: string): ActionResult => withState(id, store.labels.undo(id, actor())),
    redo: (id: string): ActionResult => withState(id, store.labels.redo(id, actor())),
    revert: (id: string, sequence: number): ActionResult =>
      withState(id, store.labels.revert(id, sequence, actor())),
    history: (id: string, query: { before?: number; limit: number }): HistoryEntry[] =>
      store.labels.history(id, query),

    saveLabels(id: string, labels: readonly LabelChoice[]): LabellingSummary {
      const labelling = get(id);
      const problems = checkChoices(labelling.task, labels, store.labels.state(id));
      if (problems.length > 0) throw errorFromProblems(problems);
      store.labels.saveLabels(id, labels);
      return get(id);
    },

    tryRules: async (id: string, rules: readonly LabelRule[]): Promise<RuleReport> =>
      (await tryAll(context, get(id), rules)).report,

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
      return purging.whileOpening(
        () =>
          jobs.start({ kind: 'labelling', title, unit: 'rows' }, async (control) => {
            const result = await openAdjudication(context, rounds, title, control);
            return { result, resultId: result.id };
          }).finished,
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
      purging.close();
      help.close();
    },
  };
}

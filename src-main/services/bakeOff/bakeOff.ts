import type {
  BakeOffEntry,
  BakeOffRequest,
  BakeOffResult,
  BakeOffSummary,
  MethodTable,
  MethodTableRequest,
  StartedBakeOff,
} from '../../contract/bakeOff.ts';
import { TunebenchError, describeProblem, errorFromProblems } from '../../contract/errors/index.ts';
import type { RunSummary } from '../../contract/runs.ts';
import type { ServiceContext } from '../context.ts';
import type { RunsService } from '../runs/runs.ts';
import { configsOf } from './configs.ts';
import { methodTable } from './methodTable.ts';
import { publishedShapes } from './publishedShapes.ts';
import { describeBakeOff } from './results.ts';

/** By which groups of runs are known to be comparisons of methods. */
const bakeOffTag = 'bake-off';

/** Comparisons of methods: the same data, split, budget and seeds for each, every row an ordinary run of the log. */
export function createBakeOffService(context: ServiceContext, runs: RunsService) {
  function membersOf(group: string): RunSummary[] {
    return runs.list().filter((run) => run.group === group);
  }

  function freeGroup(wanted: string): string {
    const taken = new Set(runs.list().map((run) => run.group));
    let group = wanted;
    for (let number = 2; taken.has(group); number++) group = `${wanted} (${number})`;
    return group;
  }

  /** What each method would cost, and what is wrong with it. */
  function check(request: BakeOffRequest): BakeOffEntry[] {
    return configsOf(request, request.seeds[0] ?? 0).map(({ methodId, learningRate, config }) => ({
      methodId,
      learningRate,
      forecast: runs.forecast(config),
    }));
  }

  /**
   * Queues a run for every method and seed; methods that do not apply are left out and named.
   * @throws TunebenchError `bakeOff.nobodyApplies` with every reason where no method is left
   */
  async function start(request: BakeOffRequest): Promise<StartedBakeOff> {
    const refused = check(request).flatMap(({ methodId, forecast: { problems } }, index) =>
      problems.length === 0 ? [] : [{ index, methodId, problems }],
    );
    if (refused.length === request.methods.length) {
      const methods = request.methods.map(({ id }) => id).join(', ');
      const reasons = new Map(
        refused.flatMap(({ problems }) => problems).map((problem) => [problem.message, problem]),
      );
      throw errorFromProblems([describeProblem('bakeOff.nobodyApplies', { methods }), ...reasons.values()]);
    }
    const [anyone] = request.methods;
    const model = context.store.models.get(request.modelId);
    const dataset = context.store.datasets.get(request.datasetId);
    const group = freeGroup(request.name ?? `${model?.name ?? anyone?.id} · ${dataset?.name ?? ''}`);
    const isRefused = new Set(refused.map(({ index }) => index));
    const started: RunSummary[] = [];
    // Seed by seed, so that every method has a first result before any has its second.
    for (const seed of request.seeds) {
      for (const [index, { methodId, config }] of configsOf(request, seed).entries()) {
        if (isRefused.has(index)) continue;
        const name = `${group} · ${methodId} · ${seed}`.slice(0, 200);
        const run = await runs.start({ ...config, name, group });
        started.push(runs.annotate(run.id, { tags: [bakeOffTag] }));
      }
    }
    return {
      group,
      runs: started,
      refused: refused.map(({ methodId, problems }) => ({ methodId, problems })),
    };
  }

  /** @throws TunebenchError `bakeOff.notFound` */
  function get(group: string): BakeOffResult {
    const result = describeBakeOff(context, group, membersOf(group));
    if (result === null) throw new TunebenchError('bakeOff.notFound', { group });
    return result;
  }

  /** Every comparison there is, the newest first. */
  function list(): BakeOffSummary[] {
    const groups = new Map<string, RunSummary[]>();
    for (const run of runs.list()) {
      if (run.group === null || !run.tags.includes(bakeOffTag)) continue;
      groups.set(run.group, [...(groups.get(run.group) ?? []), run]);
    }
    return [...groups].flatMap(([group, members]) => {
      const oldest = members.at(-1);
      if (oldest === undefined) return [];
      const { task, modelName, datasetName, createdAt } = oldest;
      return {
        group,
        task,
        modelName,
        datasetName,
        createdAt,
        runs: members.length,
        finishedRuns: members.filter(({ status }) => status === 'completed').length,
        methodIds: [...new Set(members.map(({ methodId }) => methodId))],
      };
    });
  }

  return {
    check,
    start,
    get,
    list,
    methodTable: (request: MethodTableRequest): MethodTable => methodTable(context, request),
    publishedModels: (): string[] => Object.keys(publishedShapes),
  };
}

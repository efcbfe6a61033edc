import type { Advice } from '../../contract/coach.ts';
import type { ForkRequest } from '../../contract/checkpoints.ts';
import { TunebenchError, describeProblem, problemsFromError } from '../../contract/errors/index.ts';
import type { RunEvent, RunEventBody, RunLog } from '../../contract/events.ts';
import type {
  RunAnnotation,
  RunConfig,
  RunDetail,
  RunForecast,
  RunStart,
  RunStatus,
  RunSummary,
  Series,
} from '../../contract/runs.ts';
import type { RunSamples, SamplesQuery } from '../../contract/samples.ts';
import type { TrainJob } from '../../contract/worker.ts';
import type { Steering, SteeringChange } from '../../contract/steering.ts';
import type { Verification } from '../../contract/verification.ts';
import type { SeriesQuery } from '../../store/store.ts';
import { ChangeSignal } from '../changeSignal.ts';
import type { ServiceContext } from '../context.ts';
import { newId } from '../identity.ts';
import { hashModelFolder } from '../models/modelHash.ts';
import { createAfterBreak } from './afterBreak.ts';
import { adviseOn } from './advice.ts';
import type { CurveFormat, RunDocument } from '../../contract/runCard.ts';
import type { Language } from '../../contract/text.ts';
import { resolveOutsidePath } from '../../platform/index.ts';
import { writeDocument } from './documents.ts';
import { exportCurves } from './exchange/exportCurves.ts';
import { importRuns } from './exchange/importRuns.ts';
import { readRunCard } from './runCard.ts';
import { readSamples } from './runSamples.ts';
import { createCheckpointDesk } from './checkpointDesk.ts';
import { checkRun } from './checkRun.ts';
import { createExtremesReader } from './extremes.ts';
import { readCurves } from './curves.ts';
import { forkRun } from './forkRun.ts';
import { markdownHtml } from './markdown.ts';
import { moveInQueue } from './queue.ts';
import { RunRecorder } from './recorder.ts';
import { requireInLog, requireStatus, unfinished } from './requirements.ts';
import { loadJob } from './resultFolders.ts';
import { createRunBin } from './runBin.ts';
import { makeRun } from './startRun.ts';
import { decidesResult, requireSteerable, scriptFor, steeringOf } from './steerRun.ts';
import { Supervisor } from './supervisor.ts';
import { verifyRun } from './verify.ts';

const stopPatienceMs = 20_000;
/** Runs that are over and have not got where they were going. */
const resumable: readonly RunStatus[] = ['interrupted', 'stopped', 'failed'];

/** Training runs: checking, freezing, queueing, steering and reading them. */
export function createRunsService(context: ServiceContext, options: { adoptQueuedRuns: boolean }) {
  const { store } = context;
  const changes = new ChangeSignal();
  const supervisor = new Supervisor(
    context,
    changes,
    jobForStart,
    options.adoptQueuedRuns,
    (runId, memoryRanOut) => takeUp(runId, memoryRanOut),
  );
  const checkpoints = createCheckpointDesk(context, get);
  checkpoints.dropOld();
  const afterBreak = createAfterBreak(store, recordNow, queueAgain);

  const orphans = store.runs.markInterrupted((run) =>
    describeProblem('run.hostEnded', { name: run.name, step: run.step }),
  );
  for (const run of orphans) {
    context.log.write('warning', 'run interrupted', { runId: run.id });
    if (options.adoptQueuedRuns) takeUp(run.id, false);
  }
  supervisor.startNext();

  function takeUp(runId: string, memoryRanOut: boolean): void {
    afterBreak(runId, memoryRanOut).catch((error: unknown) => {
      context.log.write('warning', 'run not taken up', { runId, problems: problemsFromError(error) });
    });
  }

  function get(id: string): RunDetail {
    const run = store.runs.get(id);
    if (run === undefined) throw new TunebenchError('run.notFound', { id });
    return run;
  }

  /** The frozen job; a run that has been started before goes on where it was. */
  function jobForStart(runId: string): TrainJob {
    const job = loadJob(context, runId);
    return { ...job, resume: job.resume || get(runId).startedAt !== null, steering: scriptFor(store, job) };
  }

  function recordNow(runId: string, body: RunEventBody): void {
    const recorder = new RunRecorder(store, changes, runId);
    recorder.record(body);
    recorder.flush();
  }

  async function start(request: RunStart, steering: readonly Steering[] = []): Promise<RunSummary> {
    const onMade = (made: string) => recordNow(made, { event: 'queued' });
    const id = await makeRun(context, request, { steering, onMade });
    supervisor.enqueue(id);
    return get(id);
  }

  async function resume(id: string, fromStep?: number): Promise<RunSummary> {
    const run = get(id);
    requireInLog(run, 'resume');
    if (supervisor.tryAgain(id)) return get(id);
    requireStatus(
      run,
      'resume',
      fromStep === undefined ? ['paused', ...resumable] : [...resumable, 'completed'],
    );
    if (run.status === 'paused') {
      supervisor.processOf(id)?.continue();
      return run;
    }
    await queueAgain(run, fromStep);
    return get(id);
  }

  /** Puts a run that is over back into the queue, to go on from its last checkpoint or from an earlier one. */
  async function queueAgain(run: RunDetail, fromStep?: number, change?: SteeringChange): Promise<void> {
    const { id } = run;
    const job = loadJob(context, id);
    if ((await hashModelFolder(context, job.modelFolder)) !== run.modelHash) {
      throw new TunebenchError('run.modelChanged', { model: run.modelName, folder: job.modelFolder });
    }
    // Hashing takes its time: meanwhile the run may have been thrown away, or queued already.
    const now = get(id);
    requireInLog(now, 'resume');
    requireStatus(now, 'resume', [run.status]);
    const from = fromStep === undefined ? {} : { fromStep, undone: rewind(now, fromStep) };
    if (change !== undefined) {
      recordNow(id, { event: 'steered', id: newId(), step: fromStep ?? now.step, change });
    }
    recordNow(id, { event: 'queued', ...from });
    supervisor.enqueue(id);
  }

  /** Makes an earlier checkpoint the newest. @returns the ids of the changes made after it */
  function rewind(run: RunDetail, fromStep: number): string[] {
    const known = checkpoints.steeringBefore(run, fromStep).map(({ id }) => id);
    checkpoints.rewind(run, fromStep);
    return steeringOf(store, run.id).flatMap(({ id }) => (known.includes(id) ? [] : [id]));
  }

  /** Changes something in a run between two steps. A run that is over goes on where its length was changed. */
  async function steer(id: string, change: SteeringChange, fromStep?: number): Promise<RunSummary> {
    const run = get(id);
    requireInLog(run, change.kind);
    requireSteerable(store, run, change, fromStep ?? run.step);
    if (fromStep !== undefined) requireStatus(run, change.kind, [...resumable, 'completed']);
    const process = supervisor.processOf(id);
    if (process === undefined) await queueAgain(run, fromStep, change);
    else process.steer(newId(), change);
    return get(id);
  }

  function stop(id: string): RunSummary {
    const run = get(id);
    requireStatus(run, 'stop', unfinished);
    const process = supervisor.processOf(id);
    if (process !== undefined) {
      process.stop();
      return run;
    }
    recordNow(id, {
      event: 'finished',
      outcome: 'stopped',
      metrics: {},
      step: run.step,
      rowsPerSecond: run.rowsPerSecond ?? 0,
      peakMemoryBytes: run.peakMemoryBytes ?? 0,
      trainableParameters: run.trainableParameters ?? 0,
      elapsedMs: 0,
    });
    return get(id);
  }

  return {
    changes,
    get,
    start,
    resume,
    stop,
    steer,
    list: (): RunSummary[] => store.runs.list(),
    forecast: (config: RunConfig): RunForecast => checkRun(context, config).forecast,

    /** Long curves take a moment each: in between, others are answered. */
    async series(query: SeriesQuery): Promise<Series[]> {
      get(query.runId);
      const found: Series[] = [];
      const curves = readCurves(store, query);
      for (;;) {
        await new Promise((resolve) => setImmediate(resolve));
        const { value, done } = curves.next();
        if (done) return found;
        found.push(value);
      }
    },

    extremes: createExtremesReader(store),

    /** What happened in a run so far, without its steps. */
    log(id: string): RunLog {
      const lastSequence = get(id).lastSequence;
      const latest = store.events.latestStep(id) ?? null;
      return { events: store.events.apartFromSteps(id), latest, lastSequence };
    },

    /** @throws TunebenchError `run.noSamplesAt` */
    notesHtml: markdownHtml,
    samples: ({ id, step }: SamplesQuery): RunSamples => readSamples(store, get(id), step),

    /** What keeps runs in training from going on, such as a full disk. */
    blocked: () => supervisor.blocked(),

    /** Puts a waiting run at another place of the queue, counted from 0. */
    move(id: string, place: number): RunSummary {
      get(id);
      moveInQueue(store, id, place);
      changes.announce();
      return get(id);
    },

    /** Lets a waiting run begin at a time, or at once. */
    schedule(id: string, notBefore: string | null): RunSummary {
      const run = get(id);
      if (run.status !== 'queued') {
        throw new TunebenchError('run.notWaiting', { name: run.name, status: run.status });
      }
      store.runs.update(id, { notBefore });
      supervisor.startNext();
      return get(id);
    },

    /** The queue was paused or released, or has other slots. */
    queueChanged: (): void => supervisor.startNext(),

    advice: (id: string): Advice[] => adviseOn(context, get(id)),

    /** Events after a sequence number, of one run or of all, oldest first. */
    eventsAfter(query: { after: number; runId?: string }): RunEvent[] {
      return store.events.readAfter({ ...query, limit: 500 });
    },

    pause(id: string): RunSummary {
      const run = get(id);
      requireStatus(run, 'pause', ['preparing', 'running']);
      supervisor.processOf(id)?.pause();
      return run;
    },

    /** The same configuration once more, with the changes made on the way, as a child of the run it repeats. */
    replay(id: string): Promise<RunSummary> {
      const { config, project } = get(id);
      const again = { ...config, parentRunId: id, ...(project === null ? {} : { project }) };
      return start(again, steeringOf(store, id).filter(decidesResult));
    },

    /** @throws TunebenchError `run.noParent` */
    verify(id: string): Verification {
      const run = get(id);
      if (run.parentRunId === null) throw new TunebenchError('run.noParent', { name: run.name });
      return verifyRun(context, get(run.parentRunId), run);
    },

    /** A run as a text: the card that repeats it, or a report to be read. */
    document(wanted: { id: string; document: RunDocument; language: Language }) {
      return writeDocument(context, get(wanted.id), wanted.document, wanted.language);
    },

    readCard: (text: string) => readRunCard(context, text),

    /** @throws TunebenchError `run.exportExists` */
    exportCurves({ ids, format, path }: { ids: string[]; format: CurveFormat; path: string }) {
      return { path, sizeBytes: exportCurves(context, ids.map(get), format, path) };
    },

    import: async (path: string, name?: string): Promise<RunSummary[]> =>
      (await importRuns(context, resolveOutsidePath(path), name)).map(get),

    annotate(id: string, change: RunAnnotation): RunSummary {
      get(id);
      store.runs.update(id, change.tags ? { ...change, tags: [...new Set(change.tags)] } : change);
      return get(id);
    },

    ...createRunBin(context, get),
    checkpoints,

    /** A new run that goes on from a checkpoint of another. */
    async fork(request: ForkRequest): Promise<RunSummary> {
      const id = await forkRun(context, checkpoints, get(request.id), request, recordNow);
      supervisor.enqueue(id);
      return get(id);
    },

    /** Stops the run in progress so that it can be resumed, and starts no other. */
    close: (): Promise<void> => supervisor.close(stopPatienceMs),
  };
}
export type RunsService = ReturnType<typeof createRunsService>;

import { TunebenchError, describeProblem, problemsFromError } from '../../contract/errors/index.ts';
import { type HelpSource, type HelpState, helpedTasks } from '../../contract/labelHelp.ts';
import type { LabellingSummary } from '../../contract/labels.ts';
import type { StoredHelp } from '../../store/store.ts';
import type { ServiceContext } from '../context.ts';
import type { JobControl, Jobs } from '../jobs.ts';
import type { ModelsService } from '../models/models.ts';
import type { EvaluationWorker } from '../playground/evaluationWorker.ts';
import type { RunsService } from '../runs/runs.ts';
import { askRun } from './askRun.ts';
import { clearOpinions } from './opinions.ts';
import { ProbeTeacher } from './probeTeacher.ts';

/** What this host knows of a labelling's help beside what is stored. */
interface Session {
  phase: HelpState['phase'];
  problems: HelpState['problems'];
  renewals: number;
  teacher: ProbeTeacher | undefined;
  /** Records that changed since the probe was last taught. */
  changes: number;
  /** The lesson going on. */
  lesson: Promise<void> | undefined;
  ended: boolean;
}

/** A lesson is due after so many changes, more where there is more to learn from. */
const dueAfter = (learned: number) => Math.max(3, Math.min(50, Math.ceil(learned / 20)));

export interface HelpServices {
  readonly jobs: Jobs;
  readonly models: ModelsService;
  readonly runs: RunsService;
  readonly evaluation: EvaluationWorker;
}

/** Suggestions by models: started by a person, kept up to date in the background, gone when they are stopped. */
export class LabelHelp {
  readonly #context: ServiceContext;
  readonly #services: HelpServices;
  readonly #sessions = new Map<string, Session>();
  #closed = false;

  constructor(context: ServiceContext, services: HelpServices) {
    this.#context = context;
    this.#services = services;
  }

  state(id: string): HelpState | null {
    const stored = this.#context.store.labels.help(id);
    if (stored === null) return null;
    const session = this.#sessions.get(id);
    const { source, name, learned, accuracy } = stored;
    return {
      source,
      name,
      phase: session?.phase ?? 'ready',
      busy: session !== undefined && (session.lesson !== undefined || session.phase === 'reading'),
      records: stored.records,
      learned,
      accuracy,
      renewals: session?.renewals ?? 0,
      problems: session?.problems ?? [],
    };
  }

  /**
   * Resolves when the first suggestions are there.
   * @throws TunebenchError `labels.helpTask`, `labels.helpLabels`, and what the model says
   */
  async start(labelling: LabellingSummary, source: HelpSource): Promise<HelpState | null> {
    const { id, task } = labelling;
    if (!helpedTasks[source.kind].includes(task)) throw new TunebenchError('labels.helpTask', { task });
    const { runs, models, jobs } = this.#services;
    const name = source.kind === 'run' ? runs.get(source.runId).name : models.get(source.modelId).name;
    await this.stop(id);
    this.#context.store.labels.saveHelp(id, {
      source,
      name,
      sequence: 0,
      records: 0,
      learned: null,
      accuracy: null,
    });
    const session = this.#open(id, source);
    try {
      await jobs.start({ kind: 'labelling', title: name, unit: 'rows' }, async (control) => {
        if (source.kind === 'run') await this.#askRun(labelling, source.runId, session, control);
        else await this.#teach(labelling, session, control);
        return { result: undefined, resultId: id };
      }).finished;
    } catch (error) {
      await this.stop(id);
      throw error;
    }
    return this.state(id);
  }

  /** Takes the suggestions of the model away, and those it would still have made. */
  async stop(id: string): Promise<void> {
    const { labels } = this.#context.store;
    const session = this.#sessions.get(id);
    if (session !== undefined) session.ended = true;
    this.#sessions.delete(id);
    await session?.lesson;
    if (labels.get(id) === undefined || labels.help(id) === null) return;
    labels.saveHelp(id, null);
    labels.clearFeatures(id);
    await clearOpinions(this.#context.store, id);
  }

  /** The labelling is gone for good: so are features that no other labelling of the dataset needs. */
  async forget(labelling: LabellingSummary): Promise<void> {
    const { store, files } = this.#context;
    this.wake(labelling);
    const folder = this.teacher(labelling.id)?.cacheFolder(labelling);
    await this.stop(labelling.id);
    const shared = store.labels
      .list()
      .some(({ id, datasetId }) => id !== labelling.id && datasetId === labelling.datasetId);
    if (folder !== undefined && !shared && files.exists(folder)) files.removeFolder(folder);
  }

  /** After a restart: teaches the probe what was labelled meanwhile. */
  wake(labelling: LabellingSummary): void {
    const stored = this.#context.store.labels.help(labelling.id);
    if (stored?.source.kind !== 'probe' || this.#sessions.has(labelling.id)) return;
    const session = this.#open(labelling.id, stored.source);
    session.renewals = 1;
    if (session.teacher === undefined) return;
    if (this.#context.store.labels.state(labelling.id).sequence > stored.sequence) this.#teachSoon(labelling);
  }

  /** Counts what people did; teaches the probe again where that is due. Never waits. */
  changed(labelling: LabellingSummary, records: number): void {
    this.wake(labelling);
    const session = this.#sessions.get(labelling.id);
    if (session?.teacher === undefined) return;
    session.changes += records;
    const learned = this.#context.store.labels.help(labelling.id)?.learned ?? 0;
    if (session.changes >= dueAfter(learned)) this.#teachSoon(labelling);
  }

  teacher(id: string): ProbeTeacher | undefined {
    return this.#sessions.get(id)?.teacher;
  }

  close(): void {
    this.#closed = true;
    for (const session of this.#sessions.values()) session.ended = true;
  }

  #open(id: string, source: HelpSource): Session {
    // A model that was removed meanwhile makes no suggestions any more; the labelling opens all the same.
    const model = source.kind === 'probe' ? this.#context.store.models.get(source.modelId) : undefined;
    const gone = source.kind === 'probe' && model === undefined;
    const session: Session = {
      phase: gone ? 'failed' : 'ready',
      problems: gone ? [describeProblem('common.notFound', { kind: 'model', id: source.modelId })] : [],
      renewals: 0,
      teacher: model && new ProbeTeacher(this.#context, this.#services.evaluation, model),
      changes: 0,
      lesson: undefined,
      ended: false,
    };
    this.#sessions.set(id, session);
    return session;
  }

  #teachSoon(labelling: LabellingSummary): void {
    const session = this.#sessions.get(labelling.id);
    if (session === undefined || session.lesson !== undefined || this.#closed) return;
    session.changes = 0;
    session.lesson = this.#teach(labelling, session)
      .catch((error: unknown) => {
        if (session.ended || this.#closed) return;
        session.phase = 'failed';
        session.problems = [...problemsFromError(error)];
      })
      .finally(() => {
        session.lesson = undefined;
        if (session.ended || this.#closed) return;
        const learned = this.#context.store.labels.help(labelling.id)?.learned ?? 0;
        if (session.phase !== 'failed' && session.changes >= dueAfter(learned)) this.#teachSoon(labelling);
      });
  }

  async #teach(labelling: LabellingSummary, session: Session, control?: JobControl): Promise<void> {
    const { teacher } = session;
    const { labels } = this.#context.store;
    const { id } = labelling;
    if (teacher === undefined) return;
    const { sequence } = labels.state(id);
    const goesOn = () => {
      control?.signal.throwIfAborted();
      return !session.ended && !this.#closed;
    };
    if (control !== undefined) session.phase = 'reading';
    const learn = async () => {
      await teacher.read(labelling, goesOn, (done, total) => control?.progress(done, total));
      return teacher.teach(labels.get(id) ?? labelling, goesOn);
    };
    const lesson = await learn().catch((error: unknown) => {
      if (!(error instanceof TunebenchError && error.code === 'labels.featuresGone')) throw error;
      // Somebody has emptied the cache: everything is read once more.
      labels.clearFeatures(id);
      return learn();
    });
    const stored = labels.help(id);
    if (!goesOn() || stored === null || lesson === undefined) return;
    const { accuracy, ...known } = lesson;
    this.#save(id, { ...stored, ...known, sequence, accuracy: accuracy ?? stored.accuracy }, session);
    session.phase = lesson.waits ? 'waiting' : 'ready';
  }

  async #askRun(
    labelling: LabellingSummary,
    runId: string,
    session: Session,
    control: JobControl,
  ): Promise<void> {
    session.phase = 'reading';
    const run = this.#services.runs.get(runId);
    const goesOn = () => {
      control.signal.throwIfAborted();
      return !session.ended && !this.#closed;
    };
    const onProgress = (done: number, total: number) => control.progress(done, total);
    const { evaluation } = this.#services;
    const asked = await askRun(this.#context, evaluation, run, labelling, goesOn, onProgress);
    if (!goesOn()) return;
    const stored = this.#context.store.labels.help(labelling.id);
    if (stored !== null) this.#save(labelling.id, { ...stored, ...asked }, session);
    session.phase = 'ready';
  }

  #save(id: string, help: StoredHelp, session: Session): void {
    const { source, name, sequence, records, learned, accuracy } = help;
    this.#context.store.labels.saveHelp(id, { source, name, sequence, records, learned, accuracy });
    session.problems = [];
    session.renewals++;
  }
}

import type { MachineLoad, RunEventBody } from '../../contract/events.ts';
import type { Metrics } from '../../contract/runs.ts';
import type { RunChange } from '../../store/store.ts';
import type { Store } from '../../store/store.ts';
import type { ChangeSignal } from '../changeSignal.ts';
import { timestamp } from '../identity.ts';

/** Steps are kept this long before they are written together; everything else is written at once. */
const gatherMs = 100;

function prefixed(split: string, metrics: Metrics): Metrics {
  return Object.fromEntries(Object.entries(metrics).map(([name, value]) => [`${split}.${name}`, value]));
}

/** What a chart can have along its lower edge besides the step. */
function axesOf(body: Extract<RunEventBody, { event: 'stepped' }>, wallSeconds: number): Metrics {
  return {
    'axis.epoch': body.epoch,
    'axis.elapsedSeconds': body.elapsedMs / 1000,
    'axis.wallSeconds': wallSeconds,
    ...(body.tokens === undefined ? {} : { 'axis.tokens': body.tokens }),
    'system.memoryBytes': body.memoryBytes,
    ...loadSeries(body.load),
  };
}

/** Whose load it is stands where other series have their part of the data: all of them share a chart. */
function loadSeries(load: MachineLoad | undefined): Metrics {
  const shares = Object.entries(load ?? {});
  return Object.fromEntries(shares.map(([whose, share]) => [`${whose}.load`, share]));
}

/** What an event changes in the run's row. */
function changeOf(body: RunEventBody, at: string, store: Store): RunChange {
  switch (body.event) {
    case 'queued':
      return {
        status: 'queued',
        endedAt: null,
        problems: [],
        queuePosition: store.runs.nextQueuePosition(),
      };
    case 'started':
      return {
        status: 'preparing',
        startedAt: at,
        queuePosition: null,
        notBefore: null,
        step: body.resumedFromStep ?? 0,
      };
    case 'prepared':
      return {
        status: 'running',
        trainableParameters: body.trainableParameters,
        totalParameters: body.totalParameters,
        totalSteps: body.totalSteps,
        labels: body.labels,
      };
    case 'stepped':
      return {
        step: body.step,
        totalSteps: body.totalSteps,
        metrics: prefixed('train', body.metrics),
      };
    case 'evaluated':
      return {
        metrics: prefixed(body.split, body.metrics),
        ...(body.confusion === undefined ? {} : { confusion: body.confusion }),
      };
    case 'textsMeasured':
    case 'sampled':
    case 'checkpointed':
    case 'steered':
    case 'noted':
      return {};
    case 'paused':
      return { status: 'paused', problems: body.problem === undefined ? [] : [body.problem] };
    case 'resumed':
      return { status: 'running', problems: [] };
    case 'finished':
      return {
        status: body.outcome,
        endedAt: at,
        queuePosition: null,
        step: body.step,
        metrics: Object.assign(
          {},
          ...Object.entries(body.metrics).map(([split, metrics]) => prefixed(split, metrics)),
        ),
        rowsPerSecond: body.rowsPerSecond,
        peakMemoryBytes: body.peakMemoryBytes,
      };
    case 'interrupted':
      return { status: 'interrupted', endedAt: at, queuePosition: null, problems: [body.problem] };
    case 'failed':
      return { status: 'failed', endedAt: at, queuePosition: null, problems: body.problems };
    default:
      return body satisfies never;
  }
}

/** Writes a run's events, its row and its curves together, and only then tells readers that there is something new. */
export class RunRecorder {
  readonly #store: Store;
  readonly #changes: ChangeSignal;
  readonly #runId: string;
  readonly #onFailure: (error: unknown) => void;
  readonly #onWritten: (body: RunEventBody, at: string) => void;
  #gathered: { body: RunEventBody; at: string }[] = [];
  #timer: NodeJS.Timeout | undefined;
  /** The latest time of day that a step was noted at. */
  #latestSeconds: number | undefined;
  /** When this session began, on a clock that nobody sets, and how long those before it were. */
  #session: { readonly startMs: number; readonly beforeMs: number } | undefined;

  /**
   * @param onFailure told when gathered steps could not be written, which nobody is waiting for
   * @param onWritten told of each event once it is in the log
   */
  constructor(
    store: Store,
    changes: ChangeSignal,
    runId: string,
    onFailure: (error: unknown) => void = () => undefined,
    onWritten: (body: RunEventBody, at: string) => void = () => undefined,
  ) {
    this.#onWritten = onWritten;
    this.#store = store;
    this.#changes = changes;
    this.#runId = runId;
    this.#onFailure = onFailure;
  }

  /** @throws what the store says, with the event kept for the next try */
  record(body: RunEventBody): void {
    this.#gathered.push({ body, at: timestamp() });
    if (body.event !== 'stepped') this.flush();
    else this.#timer ??= setTimeout(() => this.#flushOnTime(), gatherMs);
  }

  #flushOnTime(): void {
    try {
      this.flush();
    } catch (error) {
      this.#onFailure(error);
    }
  }

  /** Writes what has been gathered. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const gathered = this.#gathered;
    if (gathered.length === 0) return;
    this.#store.transaction(() => {
      for (const { body, at } of gathered) this.#write(body, at);
    });
    // Only now: what could not be written is written together with the next event.
    this.#gathered = [];
    for (const { body, at } of gathered) this.#onWritten(body, at);
    this.#changes.announce();
  }

  /** The time of day of a step: no earlier than that of the one before, also where the clock was set back. */
  #wallSeconds(at: string): number {
    const seconds = Date.parse(at) / 1000;
    this.#latestSeconds = Math.max(seconds, this.#latestSeconds ?? this.#lastNoted() ?? seconds);
    return this.#latestSeconds;
  }

  #lastNoted(): number | undefined {
    const metrics = ['axis.wallSeconds'];
    const [series] = this.#store.metrics.series({ runId: this.#runId, metrics, maximumPoints: 10 });
    return series?.points.at(-1)?.last;
  }

  #elapsed(body: RunEventBody): RunChange {
    if (body.event === 'started') {
      const beforeMs = this.#store.runs.get(this.#runId)?.elapsedMs ?? 0;
      this.#session = { startMs: performance.now(), beforeMs };
    }
    if (this.#session === undefined) return {};
    const { startMs, beforeMs } = this.#session;
    return { elapsedMs: beforeMs + performance.now() - startMs };
  }

  #write(body: RunEventBody, at: string): void {
    const { events, metrics, runs, samples } = this.#store;
    if (body.event === 'sampled') {
      const { samples: taken = [], ...told } = body;
      samples.append(this.#runId, body.step, taken);
      events.append(this.#runId, told, at);
    } else events.append(this.#runId, body, at);
    runs.update(this.#runId, { ...changeOf(body, at, this.#store), ...this.#elapsed(body) });
    if (body.event === 'started') {
      if (body.resumedFromStep !== null) metrics.removeAfter(this.#runId, body.resumedFromStep);
      samples.removeAfter(this.#runId, body.resumedFromStep ?? -1);
    }
    if (body.event === 'stepped') {
      const points = { ...prefixed('train', body.metrics), ...axesOf(body, this.#wallSeconds(at)) };
      metrics.append(this.#runId, body.step, points);
    }
    if (body.event === 'textsMeasured') metrics.append(this.#runId, 0, prefixed('texts', body.metrics));
    if (body.event === 'evaluated') {
      metrics.append(this.#runId, body.step, prefixed(body.split, body.metrics));
    }
  }
}

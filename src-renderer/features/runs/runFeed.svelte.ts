import type { RunEvent, RunEventBody } from '../../../src-main/contract/events.ts';
import type { Confusion, RunDetail, RunStatus } from '../../../src-main/contract/runs.ts';
import { client } from '../../rpc/client.ts';
import { problemsFromFailure } from '../../rpc/failure.ts';
import { follow } from '../../rpc/follow.ts';
import { Resource } from '../../rpc/resource.svelte.ts';
import { type Point, appendPoint, thinOut } from '../../ui/charts/points.ts';
import { statusAfter } from './runEvents.ts';

type Stepped = Extract<RunEventBody, { event: 'stepped' }>;

const drawEveryMs = 100;
const pointsAsked = 1_000;
const pointsKept = 4_000;
/** How many past events to read again for the log; a long run has far more steps than that. */
const eventsAsked = 3_000;

/** One run as it happens: its details, its curves, its log. Curves change in place; `version` says when to draw. */
export class RunFeed {
  readonly id: string;
  readonly detail: Resource<RunDetail>;
  status = $state<RunStatus | undefined>(undefined);
  latest = $state.raw<Stepped | undefined>(undefined);
  log = $state.raw<readonly RunEvent[]>([]);
  confusion = $state.raw<Confusion | undefined>(undefined);
  version = $state(0);
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- thousands of points: `version` says when to draw
  readonly series = new Map<string, Point[]>();
  #drawTimer: ReturnType<typeof setTimeout> | undefined;
  #pendingLog: RunEvent[] = [];
  #pendingStep: Stepped | undefined;

  constructor(id: string) {
    this.id = id;
    this.detail = new Resource(() => client.runs.get({ id }));
  }

  /** Loads what happened so far and follows what comes until the signal aborts. */
  async follow(signal: AbortSignal): Promise<void> {
    await this.detail.reload();
    const detail = this.detail.value;
    if (!detail || signal.aborted) return;
    this.status = detail.status;
    this.confusion = detail.confusion ?? undefined;
    await this.#loadSeries(signal);
    this.#pendingLog = [];
    this.log = [];
    const liveAfter = detail.lastSequence;
    let after = Math.max(0, liveAfter - eventsAsked);
    try {
      await follow(
        (inner) => client.runs.events({ runId: this.id, after }, { signal: inner }),
        (event) => {
          after = event.sequence;
          this.#take(event, event.sequence > liveAfter);
        },
        signal,
      );
    } catch (error) {
      if (!signal.aborted) this.detail.problems = problemsFromFailure(error);
    }
  }

  async #loadSeries(signal: AbortSignal): Promise<void> {
    const series = await client.runs
      .series({ id: this.id, maximumPoints: pointsAsked }, { signal })
      .catch(() => []);
    this.series.clear();
    for (const { metric, points } of series) {
      this.series.set(
        metric,
        points.map(({ step, last }) => ({ x: step, y: last })),
      );
    }
    this.version += 1;
  }

  #take(event: RunEvent, live: boolean): void {
    const { body } = event;
    if (body.event === 'stepped') this.#pendingStep = body;
    else this.#pendingLog.push(event);
    if (body.event === 'evaluated' && body.confusion) this.confusion = body.confusion;
    if (live) this.#takeLive(body);
    this.#drawTimer ??= setTimeout(() => this.#draw(), drawEveryMs);
  }

  #takeLive(body: RunEventBody): void {
    const status = statusAfter(body);
    if (status) this.status = status;
    if (body.event === 'stepped') this.#addPoints('train', body.step, body.metrics);
    else if (body.event === 'evaluated') this.#addPoints(body.split, body.step, body.metrics);
    else if (
      body.event === 'finished' ||
      body.event === 'prepared' ||
      body.event === 'failed' ||
      body.event === 'interrupted'
    ) {
      void this.detail.reload();
    }
  }

  #addPoints(split: string, step: number, metrics: Readonly<Record<string, number>>): void {
    for (const [name, value] of Object.entries(metrics)) {
      const key = `${split}.${name}`;
      const points = this.series.get(key) ?? [];
      appendPoint(points, { x: step, y: value });
      this.series.set(key, thinOut(points, pointsKept));
    }
  }

  #draw(): void {
    this.#drawTimer = undefined;
    if (this.#pendingStep) this.latest = this.#pendingStep;
    if (this.#pendingLog.length > 0) this.log = [...this.log, ...this.#pendingLog.splice(0)];
    this.version += 1;
  }
}

import type { RunEvent, RunEventBody } from '../../../src-main/contract/events.ts';
import type { Confusion, RunDetail, RunStatus } from '../../../src-main/contract/runs.ts';
import { client } from '../../rpc/client.ts';
import { problemsFromFailure } from '../../rpc/failure.ts';
import { follow } from '../../rpc/follow.ts';
import { Resource } from '../../rpc/resource.svelte.ts';
import { chartDisplay } from '../../ui/charts/chartDisplay.svelte.ts';
import type { Range } from '../../ui/charts/chartView.svelte.ts';
import type { Point } from '../../ui/charts/points.ts';
import {
  type Curve,
  type InheritedCurve,
  appendLive,
  curveFrom,
  cutAfter,
  inheritedCurves,
  placesOf,
} from './curves.ts';
import { statusAfter } from './runEvents.ts';

type Stepped = Extract<RunEventBody, { event: 'stepped' }>;

const drawEveryMs = 100;
/** About as many as a chart is wide in pixels: two of them share the window beside the navigation. */
const pointsAsked = () => Math.min(1_000, Math.max(300, window.innerWidth / 3));
/** Live points after which the host is asked for the whole curve anew, thinned. */
const pointsBeforeReload = 2_000;

/** One run as it happens: its details, its curves, its log. Curves change in place; `version` says when to draw. */
export class RunFeed {
  readonly id: string;
  readonly detail: Resource<RunDetail>;
  status = $state<RunStatus | undefined>(undefined);
  latest = $state.raw<Stepped | undefined>(undefined);
  log = $state.raw<readonly RunEvent[]>([]);
  confusion = $state.raw<Confusion | undefined>(undefined);
  version = $state(0);
  /** Rises when samples were taken, which are read from the host. */
  samplesTaken = $state(0);
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- thousands of points: `version` says when to draw
  readonly curves = new Map<string, Curve>();
  /** The beginnings of its curves that a fork took over from other runs, the nearest of them first. */
  inherited: readonly InheritedCurve[] = [];
  #range: Range | undefined;
  #drawTimer: ReturnType<typeof setTimeout> | undefined;
  #pendingLog: RunEvent[] = [];
  #pendingStep: Stepped | undefined;
  #places: ReturnType<typeof placesOf> | undefined;
  #appended = 0;
  #loading: AbortController | undefined;

  constructor(id: string) {
    this.id = id;
    this.detail = new Resource(() => client.runs.get({ id }));
  }

  /** Loads what happened so far and follows what comes until the signal aborts. */
  async follow(signal: AbortSignal): Promise<void> {
    // Asked for together and answered in this order: the curves hold every step that the log knows of.
    const detailed = this.detail.reload();
    const logged = client.runs.log({ id: this.id }, { signal });
    logged.catch(() => undefined);
    const drawn = this.load(this.#range);
    await detailed;
    const detail = this.detail.value;
    if (!detail || signal.aborted) return;
    this.status = detail.status;
    this.confusion = detail.confusion ?? undefined;
    this.#pendingLog = [];
    let after = 0;
    try {
      const log = await logged;
      this.log = log.events.filter(({ sequence }) => sequence <= log.lastSequence);
      if (log.latest?.body.event === 'stepped') {
        this.latest = log.latest.body;
        this.#places = placesOf(log.latest.body, log.latest.at);
      }
      after = log.lastSequence;
      // What happened between the two answers comes with neither the details nor the events that follow.
      for (const { sequence, body } of this.log) if (sequence > detail.lastSequence) this.#change(body);
      await drawn;
      await follow(
        (inner) => client.runs.events({ runId: this.id, after }, { signal: inner }),
        (event) => {
          after = event.sequence;
          this.#take(event);
        },
        signal,
      );
    } catch (error) {
      if (!signal.aborted) this.detail.problems = problemsFromFailure(error);
    }
  }

  /** The points of a metric, as they are drawn. */
  points(name: string): readonly Point[] {
    return this.curves.get(name)?.points ?? [];
  }

  /** The same, with what was taken over before them. */
  pointsFromStart(name: string): readonly Point[] {
    const own = this.points(name);
    const before = this.inherited.filter(({ metric }) => metric === name).reverse();
    return before.length === 0 ? own : [...before.flatMap(({ points }) => points), ...own];
  }

  /**
   * Asks the host for the curves of a range, as the charts are to show them. More than what is in view comes, so that
   * moving it shows something at once.
   */
  async load(range: Range | undefined): Promise<void> {
    this.#range = range;
    this.#loading?.abort();
    const loading = new AbortController();
    this.#loading = loading;
    const { axis, smoothing, logX } = chartDisplay.current;
    const margin = range ? (range.to - range.from) / 2 : 0;
    const series = await client.runs
      .series(
        {
          id: this.id,
          axis,
          smoothing,
          logarithmic: logX,
          maximumPoints: Math.round(range ? 1.5 * pointsAsked() : pointsAsked()),
          ...(range ? { from: range.from - margin, to: range.to + margin } : {}),
        },
        { signal: loading.signal },
      )
      .catch(() => undefined);
    if (!series || loading.signal.aborted) return;
    this.#appended = 0;
    this.curves.clear();
    for (const each of series) if (!each.inheritedFrom) this.curves.set(each.metric, curveFrom(each));
    this.inherited = inheritedCurves(series);
    this.version += 1;
  }

  #take(event: RunEvent): void {
    const { body } = event;
    if (body.event === 'stepped') {
      this.#pendingStep = body;
      this.#places = placesOf(body, event.at);
      const memory = { memoryBytes: body.memoryBytes };
      this.#append('train', body.step, body.metrics);
      this.#append('system', body.step, memory);
      for (const [whose, load] of Object.entries(body.load ?? {})) this.#append(whose, body.step, { load });
    } else if (body.event === 'sampled') this.samplesTaken += 1;
    else this.#pendingLog.push(event);
    if (body.event === 'evaluated') this.#append(body.split, body.step, body.metrics);
    if (body.event === 'started' && body.resumedFromStep !== null) {
      for (const curve of this.curves.values()) cutAfter(curve, body.resumedFromStep);
    }
    this.#change(body);
    // At its end everybody who watched sees the same curves: those of the host.
    if (body.event === 'finished') void this.load(this.#range);
    this.#drawTimer ??= setTimeout(() => this.#draw(), drawEveryMs);
  }

  /** What an event says apart from points of curves. */
  #change(body: RunEventBody): void {
    if (body.event === 'evaluated' && body.confusion) this.confusion = body.confusion;
    this.status = statusAfter(body) ?? this.status;
    const changesDetail = ['finished', 'prepared', 'failed', 'interrupted', 'paused', 'resumed', 'steered'];
    if (changesDetail.includes(body.event)) void this.detail.reload();
  }

  #append(split: string, step: number, metrics: Readonly<Record<string, number>>): void {
    const { axis, smoothing } = chartDisplay.current;
    const x = this.#places?.[axis] ?? step;
    for (const [name, value] of Object.entries(metrics)) {
      if (!Number.isFinite(value)) continue;
      const key = `${split}.${name}`;
      const curve = this.curves.get(key) ?? { points: [], totalPoints: 0 };
      this.curves.set(key, curve);
      appendLive(curve, { x, y: value, step }, smoothing);
    }
    this.#appended += 1;
    if (this.#appended === pointsBeforeReload) void this.load(this.#range);
  }

  #draw(): void {
    this.#drawTimer = undefined;
    if (this.#pendingStep) this.latest = this.#pendingStep;
    if (this.#pendingLog.length > 0) this.log = [...this.log, ...this.#pendingLog.splice(0)];
    this.version += 1;
  }
}

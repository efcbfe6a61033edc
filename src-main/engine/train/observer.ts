import type { MachineLoad, RunEventBody } from '../../contract/events.ts';
import type { Metrics } from '../../contract/runs.ts';

/** Memory of this process and load of the machine, told by the host: the engine cannot ask the system itself. */
export interface MemoryProbe {
  currentBytes(): number;
  peakBytes(): number;
  /** Since it was asked last; null where that is too short a time. Left out where nobody measures it. */
  takeLoad?(): MachineLoad | null;
}

export interface StepReport {
  readonly step: number;
  readonly epoch: number;
  readonly rows: number;
  readonly tokens: number;
  /** Of all steps so far. */
  readonly totalTokens: number;
  readonly stepMs: number;
  /** Over all sessions of the run. */
  readonly elapsedMs: number;
  readonly metrics: Metrics;
}

/** Runs with more steps than this report at most every `throttleMs`. */
const everyStepLimit = 10_000;
const throttleMs = 100;
/** Steps that are shorter are never taken for a machine's sleep. */
const longestStepMs = 60_000;

/** Turns what happens in the loop into events, with rates and the time left. */
export class Observer {
  private readonly emit: (event: RunEventBody) => void;
  private readonly memory: MemoryProbe;
  /** Settles when everything told so far is kept for good. */
  readonly untilKept: () => Promise<void>;
  private totalSteps = 0;
  private sessionSteps = 0;
  private sessionRows = 0;
  private trainingMs = 0;
  /** When the newest step ended, or the run went on. */
  private lastStepMs = 0;
  /** Spent in steps and what belongs between them, without pauses and without a machine's sleep. */
  private runningMs = 0;
  private lastReportMs = -Infinity;
  private peakBytes = 0;
  /** Of the newest step of this session. */
  lastMetrics: Metrics | null = null;

  constructor(
    emit: (event: RunEventBody) => void,
    memory: MemoryProbe,
    untilKept: () => Promise<void> = () => Promise.resolve(),
  ) {
    this.emit = emit;
    this.memory = memory;
    this.untilKept = untilKept;
  }

  /** Rows trained per second of training in this session; evaluations and checkpoints do not count. */
  get rowsPerSecond(): number {
    return this.trainingMs === 0 ? 0 : (this.sessionRows * 1000) / this.trainingMs;
  }

  get peakMemoryBytes(): number {
    return Math.max(this.peakBytes, this.memory.peakBytes());
  }

  begin(totalSteps: number): void {
    this.totalSteps = totalSteps;
    this.lastStepMs = performance.now();
  }

  /** The run has become longer or shorter. */
  setLength(totalSteps: number): void {
    this.totalSteps = totalSteps;
  }

  tell(event: RunEventBody): void {
    if (event.event === 'resumed') this.lastStepMs = performance.now();
    this.emit(event);
  }

  /** Memory in use now, counted towards the peak. */
  measureMemory(): number {
    const memoryBytes = this.memory.currentBytes();
    this.peakBytes = Math.max(this.peakBytes, memoryBytes);
    return memoryBytes;
  }

  /** A machine that slept, on systems whose clocks count that, says nothing about how long a step takes. */
  private countTime(intervalMs: number): void {
    const usualMs = this.sessionSteps === 0 ? intervalMs : this.runningMs / this.sessionSteps;
    const slept = intervalMs > longestStepMs && intervalMs > 100 * usualMs;
    this.runningMs += slept ? usualMs : intervalMs;
  }

  stepped(report: StepReport): void {
    const now = performance.now();
    this.countTime(now - this.lastStepMs);
    this.lastStepMs = now;
    this.sessionSteps++;
    this.lastMetrics = report.metrics;
    this.sessionRows += report.rows;
    this.trainingMs += report.stepMs;
    const last = report.step === this.totalSteps;
    if (this.totalSteps > everyStepLimit && !last && now - this.lastReportMs < throttleMs) return;
    this.lastReportMs = now;
    const perStepMs = this.runningMs / this.sessionSteps;
    const seconds = Math.max(report.stepMs, 1e-3) / 1000;
    const load = this.memory.takeLoad?.() ?? null;
    this.emit({
      event: 'stepped',
      step: report.step,
      totalSteps: this.totalSteps,
      epoch: report.epoch,
      tokens: report.totalTokens,
      metrics: {
        ...report.metrics,
        rowsPerSecond: report.rows / seconds,
        tokensPerSecond: report.tokens / seconds,
      },
      memoryBytes: this.measureMemory(),
      ...(load === null ? {} : { load }),
      elapsedMs: report.elapsedMs,
      remainingMs: perStepMs * (this.totalSteps - report.step),
    });
  }
}

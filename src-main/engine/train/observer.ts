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

/** Turns what happens in the loop into events, with rates and the time left. */
export class Observer {
  private readonly emit: (event: RunEventBody) => void;
  private readonly memory: MemoryProbe;
  private totalSteps = 0;
  private sessionSteps = 0;
  private sessionRows = 0;
  private trainingMs = 0;
  private sessionStartMs = 0;
  private lastReportMs = -Infinity;
  private peakBytes = 0;
  /** Of the newest step of this session. */
  lastMetrics: Metrics | null = null;

  constructor(emit: (event: RunEventBody) => void, memory: MemoryProbe) {
    this.emit = emit;
    this.memory = memory;
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
    this.sessionStartMs = performance.now();
  }

  /** The run has become longer or shorter. */
  setLength(totalSteps: number): void {
    this.totalSteps = totalSteps;
  }

  tell(event: RunEventBody): void {
    this.emit(event);
  }

  /** Memory in use now, counted towards the peak. */
  measureMemory(): number {
    const memoryBytes = this.memory.currentBytes();
    this.peakBytes = Math.max(this.peakBytes, memoryBytes);
    return memoryBytes;
  }

  stepped(report: StepReport): void {
    this.sessionSteps++;
    this.lastMetrics = report.metrics;
    this.sessionRows += report.rows;
    this.trainingMs += report.stepMs;
    const now = performance.now();
    const last = report.step === this.totalSteps;
    if (this.totalSteps > everyStepLimit && !last && now - this.lastReportMs < throttleMs) return;
    this.lastReportMs = now;
    const perStepMs = (now - this.sessionStartMs) / this.sessionSteps;
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

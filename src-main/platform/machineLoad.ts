import { type ChildProcess, spawn } from 'node:child_process';
import { availableParallelism, cpus } from 'node:os';
import type { MachineLoad } from '../contract/events.ts';

/** Shorter stretches say more about the clock than about the load. */
const leastStretchMs = 500;
const gpuEveryMs = 1_000;

export interface LoadWatch {
  /** The mean load since the last answer; null while too little time has passed for another one. */
  take(): MachineLoad | null;
  close(): void;
}

/** What the processor has done so far: all cores together, in milliseconds. */
interface ProcessorTimes {
  readonly ownMs: number;
  readonly busyMs: number;
  readonly allMs: number;
}

function readTimes(): ProcessorTimes {
  const { user, system } = process.cpuUsage();
  let [busyMs, idleMs] = [0, 0];
  for (const { times } of cpus()) {
    busyMs += times.user + times.nice + times.sys + times.irq;
    idleMs += times.idle;
  }
  return { ownMs: (user + system) / 1000, busyMs, allMs: busyMs + idleMs };
}

function shareOf(part: number, whole: number): number {
  return whole <= 0 ? 0 : Math.min(1, Math.max(0, part / whole));
}

type Reading = ProcessorTimes & { readonly atMs: number };

/** The load between two readings. */
function loadBetween(before: Reading, now: Reading): MachineLoad {
  const possibleMs = (now.atMs - before.atMs) * availableParallelism();
  return {
    process: shareOf(now.ownMs - before.ownMs, possibleMs),
    machine: shareOf(now.busyMs - before.busyMs, now.allMs - before.allMs),
  };
}

/** Follows the NVIDIA driver's own numbers of the graphics card this process computes on, while there is one. */
class GpuMeter {
  readonly #process: ChildProcess;
  /** Between 0 and 1; undefined until the driver has said something, and where there is no driver. */
  load: number | undefined;

  constructor(command: string) {
    const [device = ''] = (process.env['CUDA_VISIBLE_DEVICES'] ?? '').split(',');
    const flags = [
      '--query-gpu=utilization.gpu',
      '--format=csv,noheader,nounits',
      `--id=${device === '' ? '0' : device}`,
      `--loop-ms=${gpuEveryMs}`,
    ];
    this.#process = spawn(command, flags, { stdio: ['ignore', 'pipe', 'ignore'], windowsHide: true });
    this.#process.on('error', () => undefined);
    this.#process.on('exit', () => (this.load = undefined));
    this.#process.stdout?.setEncoding('utf8').on('data', (text: string) => {
      const percent = /(\d+)\s*$/.exec(text)?.[1];
      if (percent !== undefined) this.load = Number(percent) / 100;
    });
    // A run that ends does not wait for it.
    this.#process.unref();
  }

  close(): void {
    // One that never started has no number, and a signal to none goes to this process and its kin.
    if (this.#process.pid !== undefined) this.#process.kill();
    this.#process.stdout?.destroy();
  }
}

/**
 * Watches how busy this machine is: its processor, and its graphics card where there is an NVIDIA driver.
 * @param gpuCommand the driver's own program; one that is not there is no error
 */
export function watchLoad(
  gpuCommand = 'nvidia-smi',
  { clock, read } = { clock: () => performance.now(), read: readTimes },
): LoadWatch {
  const gpu = new GpuMeter(gpuCommand);
  let before = { atMs: clock(), ...read() };
  return {
    take() {
      // Reading every core's times at every step of a small model would be load of its own.
      const atMs = clock();
      if (atMs - before.atMs < leastStretchMs) return null;
      const now = { atMs, ...read() };
      const load = loadBetween(before, now);
      before = now;
      return gpu.load === undefined ? load : { ...load, gpu: gpu.load };
    },
    close: () => gpu.close(),
  };
}

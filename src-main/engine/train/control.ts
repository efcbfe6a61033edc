import type { SteeringChange } from '../../contract/steering.ts';

/** A change that a person asks for; it takes effect before the next update. */
export interface SteeringRequest {
  readonly id: string;
  readonly change: SteeringChange;
}

/** What a person asks of a running training; the loop looks between its steps. */
export interface TrainingControl {
  readonly pauseRequested: boolean;
  readonly stopRequested: boolean;
  /** Changes asked for since the last time, in their order. */
  takeRequests(): SteeringRequest[];
  /** Settles when a paused run is called: to go on, to stop, or to change something. */
  untilCalled(): Promise<void>;
  /** Settles at the next call to go on or to stop, whatever was asked before. */
  untilTold(): Promise<'continue' | 'stop'>;
}

export interface TrainingRemote extends TrainingControl {
  pause(): void;
  continue(): void;
  stop(): void;
  steer(request: SteeringRequest): void;
}

export function createTrainingControl(): TrainingRemote {
  let paused = false;
  let stopped = false;
  let requests: SteeringRequest[] = [];
  let waiting: (() => void)[] = [];
  let listening: ((told: 'continue' | 'stop') => void)[] = [];
  const wake = () => {
    const woken = waiting;
    waiting = [];
    for (const resolve of woken) resolve();
  };
  const tell = (told: 'continue' | 'stop') => {
    const listeners = listening;
    listening = [];
    for (const resolve of listeners) resolve(told);
  };
  return {
    get pauseRequested() {
      return paused;
    },
    get stopRequested() {
      return stopped;
    },
    takeRequests() {
      const taken = requests;
      requests = [];
      return taken;
    },
    untilCalled: () =>
      paused && !stopped && requests.length === 0
        ? new Promise((resolve) => waiting.push(resolve))
        : Promise.resolve(),
    untilTold: () => new Promise((resolve) => listening.push(resolve)),
    pause() {
      paused = true;
    },
    continue() {
      paused = false;
      wake();
      tell('continue');
    },
    stop() {
      stopped = true;
      wake();
      tell('stop');
    },
    steer(request) {
      requests.push(request);
      wake();
    },
  };
}

const longestWithoutYieldMs = 15;

/** Lets waiting messages in, but not after every short step: each time costs about a millisecond. */
export function createYielder(): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < longestWithoutYieldMs) return;
    await new Promise((resolve) => setTimeout(resolve, 0));
    last = performance.now();
  };
}

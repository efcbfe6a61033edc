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
  const wake = () => {
    const woken = waiting;
    waiting = [];
    for (const resolve of woken) resolve();
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
    pause() {
      paused = true;
    },
    continue() {
      paused = false;
      wake();
    },
    stop() {
      stopped = true;
      wake();
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

/** What a person asks of a running training; the loop looks between its steps. */
export interface TrainingControl {
  readonly pauseRequested: boolean;
  readonly stopRequested: boolean;
  /** Settles when the pause is over: by going on or by stopping. */
  untilContinued(): Promise<void>;
}

export interface TrainingRemote extends TrainingControl {
  pause(): void;
  continue(): void;
  stop(): void;
}

export function createTrainingControl(): TrainingRemote {
  let paused = false;
  let stopped = false;
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
    untilContinued: () =>
      paused && !stopped ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(),
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

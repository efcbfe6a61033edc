import type { Metrics } from '../../contract/runs.ts';
import { type Steered, notSteered } from './steering.ts';

/** Where a run stands. With the seed, it decides everything that is still to come. */
export interface TrainingPosition {
  /** Updates made. Epoch and batch follow from it. */
  step: number;
  /** The step whose evaluation was the last to finish; −1 before the first. */
  evaluatedStep: number;
  /** The evaluation with the best deciding metric so far. */
  best: {
    readonly step: number;
    readonly value: number;
    readonly metrics: Metrics;
    /** What was found then of the watched texts, where there are some. */
    readonly watched?: Metrics;
  } | null;
  /** The step at which the sampled rows were asked last; −1 before the first. */
  sampledStep: number;
  /** What was found last of the watched texts; null before the first time. */
  watched: Metrics | null;
  /** Evaluations in a row that did not improve on the best. */
  evaluationsWithoutGain: number;
  /** Training time over all sessions, for the clock. */
  elapsedMs: number;
  /** Tokens trained on, without padding. */
  tokens: number;
  steered: Steered;
  /** Steps at which somebody asked for a checkpoint: these stay. */
  asked: readonly number[];
  /** What the run depends on; going on with something else would not be the same run. */
  readonly dataHash: string;
  readonly configText: string;
}

export function startPosition(dataHash: string, configText: string): TrainingPosition {
  return {
    step: 0,
    evaluatedStep: -1,
    best: null,
    sampledStep: -1,
    watched: null,
    evaluationsWithoutGain: 0,
    elapsedMs: 0,
    tokens: 0,
    steered: notSteered,
    asked: [],
    dataHash,
    configText,
  };
}

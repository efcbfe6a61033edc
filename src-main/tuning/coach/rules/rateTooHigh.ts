import { describeProblem } from '../../../contract/errors/index.ts';
import type { CoachRule } from '../advice.ts';
import { endLevel, lowest, smooth, startLevel } from '../curves.ts';
import { slowerRate } from './learningRates.ts';

/** Fewer steps say nothing about a rate. */
const leastSteps = 20;
/** A smoothed loss this far above where it began was driven there: odd batches do not last that long. */
const risen = 1.25;
/** … and one that ends this far above its own best has lost what it had learned. */
const lost = 2;

/** The training loss jumps above where it began, or far above its own best, instead of falling. */
export const rateTooHigh: CoachRule = ({ trainLoss, training, failureCode }) => {
  if (failureCode !== null || trainLoss.length < leastSteps) return null;
  const smoothed = smooth(trainLoss, 3);
  const start = startLevel(trainLoss);
  const best = lowest(smoothed);
  const jump = smoothed.find(({ value }) => value > start * risen);
  const end = endLevel(trainLoss);
  const hasLost = best !== undefined && end > best.value * lost && end > start * 0.8;
  if (jump === undefined && !hasLost) return null;
  const learningRate = slowerRate(training.learningRate);
  return {
    finding: describeProblem('coach.rateTooHigh', {
      learningRate: training.learningRate,
      start: start.toFixed(2),
      peak: Math.max(...smoothed.map(({ value }) => value)).toFixed(2),
      suggested: learningRate,
    }),
    severity: 'warning',
    step: jump?.step ?? best?.step ?? null,
    change: { learningRate },
  };
};

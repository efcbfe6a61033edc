import { describeProblem } from '../../../contract/errors/index.ts';
import type { CoachRule } from '../advice.ts';
import { endLevel, lowest, smooth, startLevel } from '../curves.ts';
import { slowerRate } from './learningRates.ts';

/** Fewer steps say nothing about a rate. */
const leastSteps = 20;
/** A smoothed loss this far above where it began was driven there: odd batches do not last that long. */
const risen = 1.25;
/** … unless the run has come down again to this share of it. */
const recovered = 0.6;
/** A fall to this share of the first value was learning … */
const learned = 0.85;
/** … and coming back to this share of it has undone it. */
const undone = 0.95;

/** The training loss jumps above where it began, or falls and comes back, instead of going on falling. */
export const rateTooHigh: CoachRule = ({ trainLoss, training, failureCode }) => {
  if (failureCode !== null || trainLoss.length < leastSteps) return null;
  const smoothed = smooth(trainLoss, 3);
  const start = startLevel(trainLoss);
  const best = lowest(smooth(trainLoss, 1));
  const jump = smoothed.find(({ value }) => value > start * risen);
  const hasLost = best !== undefined && best.value < start * learned && endLevel(trainLoss) > start * undone;
  if ((jump === undefined && !hasLost) || endLevel(trainLoss) < start * recovered) return null;
  const learningRate = slowerRate(training.learningRate);
  return {
    finding: describeProblem('coach.rateTooHigh', {
      learningRate: training.learningRate,
      start: start.toFixed(2),
      peak: Math.max(...smooth(trainLoss, 1).map(({ value }) => value)).toFixed(2),
      suggested: learningRate,
    }),
    severity: 'warning',
    step: jump?.step ?? best?.step ?? null,
    changes: [{ training: { learningRate } }],
  };
};

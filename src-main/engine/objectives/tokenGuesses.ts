import { type BatchPlace, collate } from '../data/collate.ts';
import type { Example } from '../data/examples.ts';
import { type Model, type Pass, evaluationPass } from '../models/model.ts';
import { selectLabelled } from './labelledRows.ts';
import type { OpenObjective, Score } from './objective.ts';
import { measureTokens, startTokenScore } from './tokenLoss.ts';

/**
 * Loss and score of objectives in which a model guesses tokens of the text it reads.
 * @param targetsOf the token each position has to guess, `unlabelled` where nothing counts
 */
export function tokenGuesses(
  targetsOf: (example: Example) => readonly number[],
): Pick<OpenObjective, 'measure' | 'startScore'> {
  function measure(model: Model, examples: readonly Example[], place: BatchPlace, pass: Pass) {
    const batch = collate(place, examples);
    const { rows, targets } = selectLabelled(model.encode(batch, pass), batch, examples, targetsOf);
    return { ...measureTokens(model, rows, targets, pass), targets };
  }

  function startScore(): Score {
    const score = startTokenScore();
    return {
      take(model, examples, place) {
        const { loss, likeliest, targets } = measure(model, examples, place, evaluationPass);
        score.add(loss.scalar(), likeliest, targets);
      },
      finish: () => ({ metrics: score.metrics() }),
    };
  }

  return { measure, startScore };
}

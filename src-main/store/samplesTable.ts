import { z } from 'zod';
import { sampledAnswerSchema, sampledRowSchema } from '../contract/samples.ts';
import type { StoreDatabase } from './database.ts';
import type { SamplesTable } from './types.ts';

/** Steps kept of a run. */
const mostSteps = 200;
const answersSchema = z.array(sampledAnswerSchema);

/**
 * The step to give up so that those that stay lie evenly: the one whose neighbours are nearest to each other, the oldest
 * of equals. The first and the newest always stay.
 */
function mostCrowded(steps: readonly number[]): number | undefined {
  const inner = steps.slice(1, -1);
  const spanAt = (index: number) => (steps[index + 2] ?? 0) - (steps[index] ?? 0);
  let found = 0;
  inner.forEach((_, index) => {
    if (spanAt(index) < spanAt(found)) found = index;
  });
  return inner[found];
}

export function createSamplesTable(database: StoreDatabase): SamplesTable {
  const putRow = database.prepare<[string, number, string]>(
    `INSERT INTO sampledRows (runId, place, row) VALUES (?, ?, ?)
     ON CONFLICT (runId, place) DO UPDATE SET row = excluded.row WHERE row <> excluded.row`,
  );
  const putStep = database.prepare<[string, number, string]>(
    `INSERT INTO sampledSteps (runId, step, answers) VALUES (?, ?, ?)
     ON CONFLICT (runId, step) DO UPDATE SET answers = excluded.answers`,
  );
  const rowsOf = database.prepare<[string], { row: string }>(
    'SELECT row FROM sampledRows WHERE runId = ? ORDER BY place',
  );
  const stepsOf = database.prepare<[string], { step: number }>(
    'SELECT step FROM sampledSteps WHERE runId = ? ORDER BY step',
  );
  const answersAt = database.prepare<[string, number], { answers: string }>(
    'SELECT answers FROM sampledSteps WHERE runId = ? AND step = ?',
  );
  const removeStep = database.prepare<[string, number]>(
    'DELETE FROM sampledSteps WHERE runId = ? AND step = ?',
  );
  const removeLater = database.prepare<[string, number]>(
    'DELETE FROM sampledSteps WHERE runId = ? AND step > ?',
  );
  const steps = (runId: string): number[] => stepsOf.all(runId).map(({ step }) => step);

  return {
    append(runId, step, samples) {
      database.transaction(() => {
        samples.forEach(({ row }, place) => putRow.run(runId, place, JSON.stringify(row)));
        const answers = samples.map(({ answer, right }) => ({ answer, right }));
        putStep.run(runId, step, JSON.stringify(answers));
        const kept = steps(runId);
        const crowded = kept.length > mostSteps ? mostCrowded(kept) : undefined;
        if (crowded !== undefined) removeStep.run(runId, crowded);
      });
    },
    steps,
    at(runId, step) {
      const found = answersAt.get(runId, step);
      if (found === undefined) return undefined;
      const rows = rowsOf.all(runId).map(({ row }) => sampledRowSchema.parse(JSON.parse(row)));
      const answers = answersSchema.parse(JSON.parse(found.answers));
      return answers.flatMap((each, place) => {
        const row = rows[place];
        return row === undefined ? [] : [{ ...each, row }];
      });
    },
    removeAfter: (runId, step) => void removeLater.run(runId, step),
  };
}

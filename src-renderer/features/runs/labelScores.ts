import type { RunEvent } from '../../../src-main/contract/events.ts';
import type { Confusion } from '../../../src-main/contract/runs.ts';
import type { Point } from '../../ui/charts/points.ts';

export interface LabelScore {
  readonly label: string;
  /** Rows that have it. */
  readonly rows: number;
  /** The share of the rows taken for it that have it; null where none were. */
  readonly precision: number | null;
  /** The share of its rows that were recognised; null where there are none. */
  readonly recall: number | null;
  /** Their harmonic mean: 0 where nothing was right, null where the label neither was there nor was predicted. */
  readonly f1: number | null;
}

/** How well each label is told from the others. */
export function labelScores({ labels, counts }: Confusion): LabelScore[] {
  const taken = labels.map((_, column) => counts.reduce((sum, row) => sum + (row[column] ?? 0), 0));
  return labels.map((label, index) => {
    const rows = (counts[index] ?? []).reduce((sum, count) => sum + count, 0);
    const right = counts[index]?.[index] ?? 0;
    const predicted = taken[index] ?? 0;
    return {
      label,
      rows,
      precision: predicted === 0 ? null : right / predicted,
      recall: rows === 0 ? null : right / rows,
      f1: rows + predicted === 0 ? null : (2 * right) / (rows + predicted),
    };
  });
}

interface Evaluation {
  readonly step: number;
  readonly confusion: Confusion;
}

/** The evaluations on validation rows that counted labels, in their order. */
export function labelEvaluations(log: readonly RunEvent[]): Evaluation[] {
  return log.flatMap(({ body }) =>
    body.event === 'evaluated' && body.split === 'validation' && body.confusion
      ? [{ step: body.step, confusion: body.confusion }]
      : [],
  );
}

/** F1 over the evaluations for the labels that were hardest in the last one, the hardest first. */
export function hardestLabels(
  evaluations: readonly Evaluation[],
  most: number,
): { label: string; points: Point[] }[] {
  const scored = evaluations.map(({ step, confusion }) => ({ step, scores: labelScores(confusion) }));
  const last = scored.at(-1)?.scores ?? [];
  return last
    .filter(({ rows }) => rows > 0)
    .toSorted((one, other) => (one.f1 ?? 0) - (other.f1 ?? 0))
    .slice(0, most)
    .map(({ label }) => ({
      label,
      points: scored.flatMap(({ step, scores }) => {
        const f1 = scores.find((score) => score.label === label)?.f1;
        return typeof f1 === 'number' ? [{ x: step, y: f1 }] : [];
      }),
    }));
}

import { type Problem, describeProblem } from '../contract/errors/index.ts';
import { chanceOfDifference, spreadOf, unlikely } from '../contract/statistics.ts';
import { type LocalizedText, joinTexts } from '../contract/text.ts';

/** A method as it came out: what each seed reached. */
export interface Contender {
  readonly name: LocalizedText;
  readonly values: readonly number[];
  readonly trainableParameters: number | null;
}

export interface DecidingMetric {
  /** By its full name such as `test.accuracy`. */
  readonly name: string;
  readonly better: 'higher' | 'lower';
}

type Rated = Contender & { readonly mean: number; readonly deviation: number };

/** A lead that seeds alone hardly make, where there are too few of them for a test: in spreads of single values. */
const clearSpreads = 2;

const isShare = (metric: string): boolean => /accuracy|f1|precision|recall|exact/i.test(metric);

function write(value: number, metric: string): string {
  return isShare(metric) ? `${(100 * value).toFixed(1)}%` : String(Number(value.toPrecision(4)));
}

/** How contenders rank by their means, the best first; those without a result are left out. */
export function rank<Kind extends Contender>(
  contenders: readonly Kind[],
  { better }: Pick<DecidingMetric, 'better'>,
): (Kind & { readonly mean: number; readonly deviation: number })[] {
  const sign = better === 'higher' ? -1 : 1;
  return contenders
    .filter(({ values }) => values.length > 0)
    .map((contender) => ({ ...contender, ...spreadOf(contender.values) }))
    .sort((a, b) => sign * (a.mean - b.mean));
}

/** Every seed of one beats every seed of the other, by more than their spread. */
function isFarAhead(leader: Rated, other: Rated, better: DecidingMetric['better']): boolean {
  const [low, high] = better === 'higher' ? [other, leader] : [leader, other];
  const spread = Math.sqrt((leader.deviation ** 2 + other.deviation ** 2) / 2);
  const apart = Math.min(...high.values) > Math.max(...low.values);
  return apart && Math.abs(leader.mean - other.mean) > clearSpreads * spread;
}

/**
 * Who is ahead and why, or why nobody is, as a sentence of the catalogue. A lead counts when an exact permutation test
 * over the seeds finds it unlikely to be chance; with too few seeds for that, when it is larger than what seeds change.
 * @param runs all that belong to the comparison
 * @param finishedRuns those that are through
 */
export function judge(
  contenders: readonly Contender[],
  metric: DecidingMetric | null,
  { runs, finishedRuns }: { readonly runs: number; readonly finishedRuns: number },
): Problem {
  const [leader, ...others] = metric === null ? [] : rank(contenders, metric);
  const second = others[0];
  if (metric === null || leader === undefined) {
    return describeProblem('bakeOff.waiting', { runs, finished: finishedRuns });
  }
  const found = { leader: leader.name, mean: write(leader.mean, metric.name), metric: metric.name };
  if (second === undefined) return describeProblem('bakeOff.oneMethod', found);
  const lead = { second: second.name, gap: write(Math.abs(leader.mean - second.mean), metric.name) };
  if (Math.min(leader.values.length, second.values.length) < 2) {
    return describeProblem('bakeOff.oneSeed', { ...found, ...lead });
  }
  const rivals = others.map((other) => ({ other, chance: chanceOfDifference(leader.values, other.values) }));
  const near = rivals.filter(({ other, chance }) =>
    chance === null ? !isFarAhead(leader, other, metric.better) : chance >= unlikely,
  );
  if (near.length > 0) {
    const level = [leader, ...near.map(({ other }) => other)];
    const size = (one: Rated) => one.trainableParameters ?? Infinity;
    const cheapest = level.reduce((best, one) => (size(one) < size(best) ? one : best));
    return describeProblem('bakeOff.noWinner', {
      ...found,
      others: joinTexts(near.map(({ other }) => other.name)),
      cheapest: cheapest.name,
      parameters: cheapest.trainableParameters?.toLocaleString('en-US') ?? '–',
    });
  }
  const known = { ...found, ...lead, seeds: leader.values.length };
  const chance = rivals[0]?.chance ?? null;
  return chance === null
    ? describeProblem('bakeOff.winnerBySpread', known)
    : describeProblem('bakeOff.winner', { ...known, percent: `${(100 * chance).toFixed(1)}%` });
}

import { compareMetrics } from '../../contract/comparison/metricRows.ts';
import { groupBySeed } from '../../contract/comparison/seedGroups.ts';
import { compareSettings } from '../../contract/comparison/settingsDiff.ts';
import type { RunDetail } from '../../contract/runs.ts';
import { isLowerBetter } from '../../contract/runValues.ts';
import { chanceOfDifference, spreadOf, unlikely } from '../../contract/statistics.ts';
import { say } from '../language.ts';
import { formatBytes, formatDuration, table } from './output.ts';
import { formatMetric } from './runLines.ts';

const texts = {
  results: { en: 'Results (* is best)', ko: '결과 (*이 최고)' },
  settings: { en: 'Settings that differ', ko: '다른 설정' },
  sameSettings: { en: 'All settings are equal.', ko: '설정이 모두 같습니다.' },
  seeds: { en: 'Over seeds', ko: '시드별 편차' },
  baseline: { en: 'the group of the first run', ko: '첫 실행의 묶음' },
  moreSeeds: {
    en: 'too few seeds to tell it from chance: run both settings with four or more',
    ko: '시드가 적어 우연인지 알 수 없음: 두 설정 모두 시드를 넷 이상으로 돌려 보세요',
  },
  real: {
    en: 'chance alone: {percent}, probably real',
    ko: '우연일 확률 {percent}, 실제 차이일 가능성이 큼',
  },
  chance: { en: 'chance alone: {percent}, may be nothing', ko: '우연일 확률 {percent}, 차이가 없을 수 있음' },
  duration: { en: 'duration', ko: '걸린 시간' },
  memory: { en: 'peak memory', ko: '최대 메모리' },
  trained: { en: 'trained parameters', ko: '학습 파라미터' },
} as const;

/** What several runs that differ in their seed alone came to, in the result all of the groups have. */
export interface SeedSpread {
  readonly runs: readonly string[];
  readonly mean: number;
  readonly deviation: number;
  /** How often chance alone would set it this far from the first run's group; null where it cannot be told. */
  readonly chance: number | null;
}

export interface Comparison {
  readonly metrics: ReturnType<typeof compareMetrics>;
  readonly settings: ReturnType<typeof compareSettings>;
  /** The metric of `seeds`; null where the runs have none in common. */
  readonly seedMetric: string | null;
  readonly seeds: readonly SeedSpread[];
}

/** Compares runs with each other; the first is what others are measured against. */
export function compareRuns(runs: readonly RunDetail[]): Comparison {
  const metrics = compareMetrics(runs);
  const shared = metrics.filter(({ values }) => values.every((value) => value !== undefined));
  const seedMetric = (shared.find(({ name }) => !isLowerBetter(name)) ?? shared[0])?.name ?? null;
  const groups = groupBySeed(runs).map(({ runs: members }) => ({
    members,
    values: members.flatMap((run) => (seedMetric === null ? [] : (run.metrics[seedMetric] ?? []))),
  }));
  const first = groups[0]?.values ?? [];
  return {
    metrics,
    settings: compareSettings(runs).filter(({ differs }) => differs),
    seedMetric,
    seeds: groups.map(({ members, values }, index) => {
      const { mean, deviation } = spreadOf(values);
      const chance = index === 0 || values.length === 0 ? null : chanceOfDifference(first, values);
      return { runs: members.map(({ id }) => id), mean, deviation, chance };
    }),
  };
}

function describeChance({ chance }: SeedSpread, index: number): string {
  if (index === 0) return say(texts.baseline);
  if (chance === null) return say(texts.moreSeeds);
  const text = say(chance < unlikely ? texts.real : texts.chance);
  return text.replace('{percent}', `${(100 * chance).toPrecision(2)} %`);
}

/** A comparison as tables: results and costs, settings that differ, spread over seeds. */
export function comparisonLines(runs: readonly RunDetail[], comparison: Comparison): string[] {
  const { metrics, settings, seeds, seedMetric } = comparison;
  const head = ['', ...runs.map(({ name }) => name)];
  const costs = [
    [
      say(texts.duration),
      ...runs.map(({ elapsedMs }) => (elapsedMs === null ? '–' : formatDuration(elapsedMs))),
    ],
    [
      say(texts.memory),
      ...runs.map(({ peakMemoryBytes }) => (peakMemoryBytes === null ? '–' : formatBytes(peakMemoryBytes))),
    ],
    [say(texts.trained), ...runs.map(({ trainableParameters }) => String(trainableParameters ?? '–'))],
  ];
  const results = metrics.map(({ name, values, best }) => [
    name,
    ...values.map((value, index) =>
      value === undefined ? '–' : `${formatMetric(value)}${index === best ? ' *' : ''}`,
    ),
  ]);
  return [
    say(texts.results),
    ...table([head, ...results, ...costs]),
    '',
    ...(settings.length === 0
      ? [say(texts.sameSettings)]
      : [
          say(texts.settings),
          ...table([
            head,
            ...settings.map(({ path, values }) => [path, ...values.map((value) => value ?? '–')]),
          ]),
        ]),
    ...(seedMetric === null || seeds.every(({ runs: members }) => members.length < 2)
      ? []
      : [
          '',
          `${say(texts.seeds)}: ${seedMetric}`,
          ...table(
            seeds.map((group, index) => [
              `${formatMetric(group.mean)} ± ${formatMetric(group.deviation)}`,
              `n = ${group.runs.length}`,
              runs.find(({ id }) => id === group.runs[0])?.name ?? '',
              describeChance(group, index),
            ]),
          ),
        ]),
  ];
}

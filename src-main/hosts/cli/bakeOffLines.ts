import type { BakeOffEntry, BakeOffResult, BakeOffRow } from '../../contract/bakeOff.ts';
import { localizeProblem } from '../../contract/errors/index.ts';
import { say, systemLanguage } from '../language.ts';
import { describeProblems } from '../problems.ts';
import { formatBytes, formatDuration, table } from './output.ts';

const texts = {
  method: { en: 'Method', ko: '방법' },
  rate: { en: 'Learning rate', ko: '학습률' },
  quality: { en: 'Quality', ko: '품질' },
  trained: { en: 'Trained', ko: '학습 파라미터' },
  share: { en: 'Share', ko: '비율' },
  memory: { en: 'Memory', ko: '메모리' },
  time: { en: 'Time', ko: '시간' },
  size: { en: 'Result', ko: '결과 크기' },
  steps: { en: 'Steps', ko: '단계 수' },
  seeds: { en: 'Seeds', ko: '시드' },
} as const;

const count = (value: number | null): string => value?.toLocaleString('en') ?? '–';
const bytes = (value: number | null | undefined): string => (value == null ? '–' : formatBytes(value));

function share(trained: number | null, total: number | null): string {
  return trained === null || total === null ? '–' : `${((100 * trained) / total).toPrecision(3)} %`;
}

function qualityOf({ quality }: BakeOffRow): string {
  if (quality === null) return '–';
  const spread = quality.count > 1 ? ` ± ${quality.deviation.toFixed(4)}` : '';
  return `${quality.mean.toFixed(4)}${spread}`;
}

/** The table of a comparison and what it says. */
export function bakeOffLines(result: BakeOffResult): readonly string[] {
  const { method, rate, quality, seeds, trained, share: part, memory, time, size } = texts;
  const metric = result.metric === null ? say(quality) : result.metric.name;
  const { message, hint } = localizeProblem(result.verdict, systemLanguage());
  return [
    ...table([
      [
        say(method),
        say(rate),
        metric,
        say(seeds),
        say(trained),
        say(part),
        say(memory),
        say(time),
        say(size),
      ],
      ...result.rows.map((row) => [
        row.methodId,
        String(row.learningRate ?? '–'),
        qualityOf(row),
        `${row.quality?.count ?? 0}/${row.runs.length}`,
        count(row.trainableParameters),
        share(row.trainableParameters, row.totalParameters),
        bytes(row.peakMemoryBytes),
        row.durationMs === null ? '–' : formatDuration(row.durationMs),
        bytes(row.resultBytes),
      ]),
    ]),
    '',
    message,
    hint,
  ];
}

/** What each method would cost, or why it cannot take part. */
export function entryLines(entries: readonly BakeOffEntry[]): readonly string[] {
  const { method, rate, trained, share: part, memory, steps } = texts;
  const fitting = entries.filter(({ forecast }) => forecast.problems.length === 0);
  const others = entries.filter(({ forecast }) => forecast.problems.length > 0);
  return [
    ...table([
      [say(method), say(rate), say(trained), say(part), say(memory), say(steps)],
      ...fitting.map(({ methodId, learningRate, forecast }) => [
        methodId,
        String(learningRate),
        count(forecast.trainableParameters),
        share(forecast.trainableParameters, forecast.totalParameters),
        bytes(forecast.memory?.totalBytes),
        count(forecast.totalSteps),
      ]),
    ]),
    ...others.map(({ methodId, forecast }) => `${methodId}: ${describeProblems(forecast.problems)}`),
  ];
}

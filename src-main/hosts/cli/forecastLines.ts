import type { RunForecast } from '../../contract/runs.ts';
import { say } from '../language.ts';
import { formatBytes, table } from './output.ts';

const texts = {
  trainable: { en: 'trained parameters', ko: '학습하는 파라미터' },
  total: { en: 'all parameters', ko: '전체 파라미터' },
  rows: { en: 'training rows', ko: '학습 데이터' },
  steps: { en: 'steps', ko: '단계 수' },
  memory: { en: 'memory at its peak, about', ko: '최대 메모리(어림)' },
  weights: { en: '- weights', ko: '- 가중치' },
  training: { en: '- gradients and optimiser', ko: '- 기울기와 옵티마이저' },
  activations: { en: '- activations', ko: '- 활성값' },
  program: { en: '- program', ko: '- 프로그램' },
} as const;

/** What a run would cost, as lines for people. */
export function forecastLines({ memory, ...counts }: RunForecast): readonly string[] {
  const count = (value: number | null) => value?.toLocaleString('en') ?? '–';
  const bytes = (value: number | undefined) => (value === undefined ? '–' : formatBytes(value));
  const training = memory ? memory.gradientBytes + memory.optimizerBytes : undefined;
  return table([
    [say(texts.trainable), count(counts.trainableParameters)],
    [say(texts.total), count(counts.totalParameters)],
    [say(texts.rows), count(counts.trainRows)],
    [say(texts.steps), count(counts.totalSteps)],
    [say(texts.memory), bytes(memory?.totalBytes)],
    [say(texts.weights), bytes(memory?.weightBytes)],
    [say(texts.training), bytes(training)],
    [say(texts.activations), bytes(memory?.activationBytes)],
    [say(texts.program), bytes(memory?.programBytes)],
  ]);
}

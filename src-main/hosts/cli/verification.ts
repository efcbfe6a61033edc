import type { Verification } from '../../contract/verification.ts';
import { say } from '../language.ts';
import { table } from './output.ts';

const texts = {
  same: {
    en: 'The replay gave the same result, byte for byte.',
    ko: '재현한 결과가 바이트까지 똑같습니다.',
  },
  noResult: { en: 'There is no result to compare yet.', ko: '비교할 결과가 아직 없습니다.' },
  different: { en: 'The replay gave another result.', ko: '재현한 결과가 다릅니다.' },
  sameMetrics: { en: 'All metrics are equal.', ko: '지표는 모두 같습니다.' },
  model: { en: 'The base model is another one.', ko: '기반 모델이 다릅니다.' },
  rows: { en: '{count} rows of the data differ:', ko: '데이터 {count}행이 다릅니다:' },
  settings: { en: 'Settings that differ:', ko: '다른 설정:' },
  metrics: { en: 'Metrics that differ:', ko: '다른 지표:' },
  row: { en: 'row {row}', ko: '{row}행' },
} as const;

const rowsShown = 10;

/** Whether a replay repeated its run. */
export function isRepeated({ sameResult }: Verification): boolean {
  return sameResult === true;
}

/** What a comparison found, a line each. */
export function describeVerification(found: Verification): string[] {
  const cell = (value: string | number | null) => (value === null ? '–' : String(value));
  const pairs = (
    title: string,
    list: readonly { name: string; first: string | number | null; second: string | number | null }[],
  ) =>
    list.length === 0
      ? []
      : [
          title,
          ...table(list.map(({ name, first, second }) => [`  ${name}`, cell(first), '→', cell(second)])),
        ];
  const { rows, differingRows } = found.data;
  return [
    found.sameResult === null ? say(texts.noResult) : say(found.sameResult ? texts.same : texts.different),
    ...(found.sameModel ? [] : [say(texts.model)]),
    ...(differingRows === 0 ? [] : [say(texts.rows, { count: differingRows })]),
    ...rows
      .slice(0, rowsShown)
      .flatMap(({ row, first, second }) => [
        `  ${say(texts.row, { row })}`,
        `    − ${cell(first)}`,
        `    + ${cell(second)}`,
      ]),
    ...pairs(say(texts.settings), found.settings),
    ...(found.metrics.length === 0 && found.sameResult !== null ? [say(texts.sameMetrics)] : []),
    ...pairs(say(texts.metrics), found.metrics),
  ];
}

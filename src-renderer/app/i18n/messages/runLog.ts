import type { Messages } from '../message.ts';

/** Controls of a run, its charts, the queue and the log as a whole. */
export const runLogMessages = {
  'event.steered': { en: 'Step {step}: {change}', ko: '{step}단계: {change}' },
  'steer.didLearningRate': { en: 'learning rate set to {rate}', ko: '학습률을 {rate}(으)로 바꿈' },
  'steer.didLength': { en: 'length set to {epochs} epochs', ko: '길이를 {epochs}에폭으로 바꿈' },
  'steer.didPassTokens': {
    en: 'memory was short: at most {tokens} tokens at once from here on, same batches',
    ko: '메모리가 부족해 이제부터 한 번에 {tokens}토큰까지만 계산함(배치는 그대로)',
  },
  'steer.didEvaluation': { en: 'evaluation asked for', ko: '평가를 요청함' },
  'steer.didCheckpoint': { en: 'checkpoint asked for', ko: '체크포인트를 요청함' },

  'chart.settings': { en: 'How the charts are drawn', ko: '차트 보기 설정' },
  'chart.axis': { en: 'x-axis', ko: '가로축' },
  'chart.axis.step': { en: 'Step', ko: '단계' },
  'chart.axis.epoch': { en: 'Epoch', ko: '에폭' },
  'chart.axis.tokens': { en: 'Tokens', ko: '토큰' },
  'chart.axis.elapsedSeconds': { en: 'Training time', ko: '학습 시간' },
  'chart.axis.wallSeconds': { en: 'Time of day', ko: '시각' },
  'chart.smoothing': { en: 'Smoothing', ko: '평활' },
  'chart.band': { en: 'Extremes', ko: '최솟값·최댓값' },
  'chart.logX': { en: 'Log x-axis', ko: '가로축 로그' },
  'chart.logY': { en: 'Log y-axis', ko: '세로축 로그' },
  'chart.ignoreOutliers': { en: 'Ignore outliers', ko: '튀는 값 무시' },
  'chart.reset': { en: 'Show all', ko: '전체 보기' },
  'chart.howToZoom': {
    en: 'Drag to look closer, Shift and drag to move, + − 0 on the keyboard.',
    ko: '끌어서 확대, Shift와 끌기로 이동, 키보드로는 + − 0.',
  },
  'chart.shown': { en: '{drawn} of {total} points drawn', ko: '점 {total}개 중 {drawn}개를 그림' },
  'chart.pin': { en: 'Pin to the top', ko: '맨 앞에 고정' },
  'chart.unpin': { en: 'Unpin', ko: '고정 해제' },
  'chart.save': { en: 'Save the chart', ko: '차트 저장' },
  'chart.savePng': { en: 'Picture (PNG)', ko: '그림 (PNG)' },
  'chart.saveSvg': { en: 'Drawing (SVG)', ko: '벡터 그림 (SVG)' },
  'chart.saveCsv': { en: 'Table (CSV)', ko: '표 (CSV)' },
  'chart.restarted': { en: 'taken up again from step {step}', ko: '{step}단계부터 다시 이어 감' },

  'steer.title': { en: 'Steer this run', ko: '실행 조절' },
  'steer.lead': {
    en: 'Takes effect before the next step, and is kept with the run, so that a replay repeats it.',
    ko: '다음 단계부터 적용되고 기록에 남아, 재현할 때도 그대로 반복됩니다.',
  },
  'steer.leadOver': {
    en: 'With more epochs the run goes on from its last checkpoint.',
    ko: '에폭을 늘리면 마지막 체크포인트부터 이어서 학습합니다.',
  },
  'steer.evaluate': { en: 'Evaluate now', ko: '지금 평가' },
  'steer.checkpoint': { en: 'Save a checkpoint', ko: '체크포인트 저장' },
  'steer.learningRate': { en: 'Learning rate', ko: '학습률' },
  'steer.epochs': { en: 'Epochs in all', ko: '전체 에폭' },
  'steer.set': { en: 'Set', ko: '적용' },
  'steer.extend': { en: 'Go on', ko: '이어 하기' },
  'steer.notANumber': {
    en: 'Write a number above 0, such as {example}.',
    ko: '{example} 같은 0보다 큰 수를 적어 주세요.',
  },
  'metric.memoryBytes': { en: 'Memory in use', ko: '사용 메모리' },
} as const satisfies Messages;

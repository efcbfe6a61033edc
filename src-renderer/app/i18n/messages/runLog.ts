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
} as const satisfies Messages;

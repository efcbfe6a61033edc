import type { ErrorTexts } from './errorText.ts';

/** Errors in what is done with runs that exist: steering, queueing, comparing, exchanging and keeping them. */
export const runLogErrors = {
  'run.noValidationRows': {
    message: {
      en: 'The run "{name}" cannot be evaluated: its data "{dataset}" has no validation rows.',
      ko: '데이터 "{dataset}"에 검증 행이 없어 실행 "{name}"을(를) 평가할 수 없습니다.',
    },
    hint: {
      en: 'Split the data with a share for validation and start a run on that version.',
      ko: '검증 비율을 정해 데이터를 나눈 뒤 그 버전으로 실행을 시작해 주세요.',
    },
  },
  'run.alreadyLonger': {
    message: {
      en: 'The run "{name}" cannot be {epochs} epochs long: it has trained for {done} already.',
      ko: '실행 "{name}"은(는) 이미 {done}에폭을 학습해서 길이를 {epochs}에폭으로 정할 수 없습니다.',
    },
    hint: {
      en: 'Give more epochs than that, counted from the start.',
      ko: '처음부터 세어 그보다 큰 에폭 수를 적어 주세요.',
    },
  },
  'run.inBin': {
    message: {
      en: 'The run "{name}" is in the bin, so this cannot be done: {action}.',
      ko: '실행 "{name}"이(가) 휴지통에 있어 할 수 없는 동작입니다: {action}.',
    },
    hint: { en: 'Put it back from the bin first.', ko: '먼저 휴지통에서 되살려 주세요.' },
  },
  'run.notWaiting': {
    message: {
      en: 'The run "{name}" does not wait in the queue: it is {status}.',
      ko: '실행 "{name}"은(는) 대기열에 없습니다. 상태: {status}.',
    },
    hint: {
      en: 'Only waiting runs have a place and a time.',
      ko: '대기 중인 실행만 순서와 시각을 바꿀 수 있습니다.',
    },
  },
  'run.goesOnWithLess': {
    message: {
      en: 'The system ended the run "{name}" at step {step} for want of memory. It goes on with at most {tokens} tokens at once and the same batches.',
      ko: '메모리가 부족해 시스템이 실행 "{name}"을(를) {step}단계에서 끝냈습니다. 배치는 그대로 두고 한 번에 {tokens}토큰까지만 계산하며 이어 갑니다.',
    },
    hint: {
      en: 'Nothing needs to be done. To avoid it, set “tokens at once” lower.',
      ko: '따로 할 일은 없습니다. 다음부터 피하려면 "한 번에 계산할 토큰 수"를 줄여 주세요.',
    },
  },
  'run.batchOutOfMemory': {
    message: {
      en: 'Memory ran out at step {step}: a batch of {rows} rows, which this task computes whole, does not fit.',
      ko: '{step}단계에서 메모리가 부족했습니다. 이 작업은 배치를 나누지 않는데, {rows}행짜리 배치가 들어가지 않습니다.',
    },
    hint: {
      en: 'Choose a smaller batch size or a shorter maximum length, or switch on recomputation.',
      ko: '배치 크기나 최대 길이를 줄이거나, 다시 계산하기를 켜 주세요.',
    },
  },
  'run.outOfMemory': {
    message: {
      en: 'Memory ran out at step {step}, although only one row of {tokens} tokens was computed at a time.',
      ko: '{tokens}토큰짜리 한 행씩만 계산했는데도 {step}단계에서 메모리가 부족했습니다.',
    },
    hint: {
      en: 'Shorten the rows with “maximum length”, switch on recomputation, or hold the frozen weights in 4 bits.',
      ko: '"최대 길이"로 행을 줄이거나, 다시 계산하기를 켜거나, 고정된 가중치를 4비트로 담아 주세요.',
    },
  },
} as const satisfies ErrorTexts;

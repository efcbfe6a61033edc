import type { ErrorTexts } from './errorText.ts';

/** What can be in the way of samples while a run trains. */
export const sampleErrors = {
  'run.nothingToSample': {
    message: {
      en: 'No samples are taken: no row can be asked as a question of the task {task}.',
      ko: '샘플을 뽑지 않습니다. {task} 과제의 질문으로 낼 수 있는 행이 없습니다.',
    },
    hint: {
      en: 'Training goes on as usual. Rows whose question alone is longer than the maximum length cannot be asked: raise it, or shorten them.',
      ko: '학습은 그대로 이어집니다. 질문만으로 최대 길이를 넘는 행은 물을 수 없으니 최대 길이를 늘리거나 행을 줄이세요.',
    },
  },
  'run.samplesFailed': {
    message: {
      en: 'The model could not be asked the sampled rows at step {step}: {detail}',
      ko: '{step}단계에서 모델에 샘플 행을 묻지 못했습니다: {detail}',
    },
    hint: {
      en: 'Training goes on without samples from here. To leave them out from the start, set the rows to sample to 0.',
      ko: '여기서부터는 샘플 없이 학습합니다. 처음부터 빼려면 샘플 행 수를 0으로 하세요.',
    },
  },
  'run.noSamplesAt': {
    message: {
      en: 'The run {name} keeps no samples of step {step}.',
      ko: '실행 {name}에는 {step}단계의 샘플이 없습니다.',
    },
    hint: {
      en: 'Steps near it that have samples: {known}.',
      ko: '가까운 단계 가운데 샘플이 있는 것: {known}.',
    },
  },
} as const satisfies ErrorTexts;

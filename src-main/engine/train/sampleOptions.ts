import { defineOptions } from '../../contract/options.ts';

/** How often, and of how many rows, a run tells what its model makes of them. Nothing of the result depends on these. */
export const sampleOptions = defineOptions({
  sampleRows: {
    type: 'integer',
    default: 4,
    minimum: 0,
    maximum: 16,
    label: { en: 'Rows to sample', ko: '샘플 행 수' },
    help: {
      en: 'How many held-out rows the run page shows with what the model makes of them, again and again while it learns. 0: none.',
      ko: '학습하는 동안 실행 화면에서 모델의 답을 거듭 보여 줄 검증 행의 수입니다. 0이면 보여 주지 않습니다.',
    },
    advanced: true,
  },
  sampleEverySteps: {
    type: 'integer',
    default: 0,
    minimum: 0,
    label: { en: 'Sample every … steps', ko: '샘플 간격(단계)' },
    help: {
      en: 'How often these rows are shown to the model. Writing an answer takes about as long as a few steps. 0: at each evaluation.',
      ko: '이 행들을 모델에 얼마나 자주 물어볼지 정합니다. 답을 쓰는 데에는 몇 단계만큼의 시간이 듭니다. 0이면 평가할 때마다 묻습니다.',
    },
    advanced: true,
  },
});

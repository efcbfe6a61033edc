import { defineOptions } from '../../contract/options.ts';

/** How the learning rate moves, what a step consists of, and when a run evaluates, saves and ends. */
export const rhythmOptions = defineOptions({
  accumulation: {
    type: 'integer',
    default: 1,
    minimum: 1,
    maximum: 1024,
    label: { en: 'Gradient accumulation', ko: '기울기 누적' },
    help: {
      en: 'Batches added up before the weights move once: the effect of a larger batch without its memory.',
      ko: '가중치를 한 번 움직이기 전에 모으는 배치 수입니다. 메모리를 늘리지 않고 큰 배치의 효과를 냅니다.',
    },
    advanced: true,
  },
  schedule: {
    type: 'choice',
    default: 'linear',
    choices: [
      { value: 'linear', label: { en: 'Linear fall', ko: '직선으로 감소' } },
      { value: 'cosine', label: { en: 'Cosine fall', ko: '코사인으로 감소' } },
      { value: 'constant', label: { en: 'Constant', ko: '일정' } },
    ],
    label: { en: 'Schedule', ko: '학습률 일정' },
    help: {
      en: 'How the learning rate goes on after the warm-up. Falling to zero lets the weights settle.',
      ko: '워밍업 뒤 학습률이 어떻게 변할지 정합니다. 0으로 줄이면 가중치가 안정됩니다.',
    },
  },
  warmup: {
    type: 'number',
    default: 0.06,
    minimum: 0,
    maximum: 1,
    scale: 'linear',
    label: { en: 'Warm-up', ko: '워밍업' },
    help: {
      en: 'Share of all steps in which the learning rate rises from zero. It keeps the first steps from throwing the weights about.',
      ko: '전체 단계 중 학습률을 0에서 올리는 비율입니다. 처음에 가중치가 크게 흔들리는 것을 막습니다.',
    },
  },
  weightDecay: {
    type: 'number',
    default: 0,
    minimum: 0,
    maximum: 1,
    label: { en: 'Weight decay', ko: '가중치 감쇠' },
    help: {
      en: 'Pulls weights towards zero at each step, against learning by heart. Biases and norms are left alone.',
      ko: '단계마다 가중치를 0 쪽으로 당겨 암기를 막습니다. 편향과 정규화 층은 제외합니다.',
    },
    advanced: true,
  },
  maximumGradientNorm: {
    type: 'number',
    default: 1,
    minimum: 0,
    label: { en: 'Gradient limit', ko: '기울기 제한' },
    help: {
      en: 'Longer gradients are scaled down to this length, so that one odd batch cannot spoil the run. 0: no limit.',
      ko: '기울기가 이보다 길면 줄여서, 이상한 배치 하나가 학습을 망치지 않게 합니다. 0이면 제한하지 않습니다.',
    },
    advanced: true,
  },
  evaluateEverySteps: {
    type: 'integer',
    default: 0,
    minimum: 0,
    label: { en: 'Evaluate every … steps', ko: '평가 간격(단계)' },
    help: {
      en: 'How often the validation rows are measured. 0: after each epoch.',
      ko: '검증 데이터를 얼마나 자주 재 볼지 정합니다. 0이면 에폭이 끝날 때마다 잽니다.',
    },
    advanced: true,
  },
  earlyStoppingPatience: {
    type: 'integer',
    default: 0,
    minimum: 0,
    label: { en: 'Early stopping', ko: '조기 종료' },
    help: {
      en: 'Ends the run after this many evaluations in a row without a better one. 0: never.',
      ko: '평가가 이만큼 연달아 나아지지 않으면 끝냅니다. 0이면 끝내지 않습니다.',
    },
    advanced: true,
  },
  checkpointEverySteps: {
    type: 'integer',
    default: 200,
    minimum: 0,
    label: { en: 'Checkpoint every … steps', ko: '체크포인트 간격(단계)' },
    help: {
      en: 'How often the run is saved so that it can go on after a break; each evaluation saves it too. 0: only then.',
      ko: '중단된 뒤 이어 할 수 있도록 얼마나 자주 저장할지 정합니다. 평가할 때마다도 저장합니다. 0이면 평가 때만 저장합니다.',
    },
    advanced: true,
  },
  keepCheckpoints: {
    type: 'integer',
    default: 1,
    minimum: 1,
    maximum: 1000,
    label: { en: 'Checkpoints to keep', ko: '남길 체크포인트 수' },
    help: {
      en: 'The newest ones stay, and the best one always; older ones are removed.',
      ko: '가장 최근 것들과 가장 좋은 것 하나를 남기고 오래된 것은 지웁니다.',
    },
    advanced: true,
  },
  maximumSteps: {
    type: 'integer',
    default: 0,
    minimum: 0,
    label: { en: 'Maximum steps', ko: '최대 단계 수' },
    help: {
      en: 'Ends the run after this many steps whatever the epochs say. 0: the epochs decide.',
      ko: '에폭 수와 상관없이 이 단계에서 끝냅니다. 0이면 에폭 수를 따릅니다.',
    },
    advanced: true,
  },
  maximumMinutes: {
    type: 'number',
    default: 0,
    minimum: 0,
    label: { en: 'Maximum minutes', ko: '최대 시간(분)' },
    help: {
      en: 'Ends the run after this time of training, with the learning rate falling in time for it. How far it comes depends on the machine, so repeating it does not give the same result to the last bit. 0: the epochs or steps decide.',
      ko: '이만큼 학습한 뒤 끝내고, 학습률도 그 시간에 맞춰 줄입니다. 얼마나 학습하는지는 컴퓨터에 달려 있어 다시 해도 마지막 비트까지 같지는 않습니다. 0이면 에폭이나 단계 수를 따릅니다.',
    },
    advanced: true,
  },
});

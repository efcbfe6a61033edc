import type { ErrorTexts } from './errorText.ts';

/** What the coach says of a run's curves: what it sees, and what to do. */
export const coachSentences = {
  'coach.lossNotFinite': {
    message: {
      en: 'The loss became infinite at a learning rate of {learningRate}; the weights were left as they were.',
      ko: '학습률 {learningRate}에서 손실이 무한대가 되었습니다. 가중치는 그 전 상태로 두었습니다.',
    },
    hint: {
      en: 'Try again with a tenth of the rate: {suggested}.',
      ko: '학습률을 10분의 1인 {suggested}(으)로 낮춰 다시 해 보세요.',
    },
  },
  'coach.rateTooHigh': {
    message: {
      en: 'The training loss jumps about instead of falling: it began at {start} and rose to {peak}. The learning rate of {learningRate} throws the weights too far.',
      ko: '학습 손실이 줄지 않고 튑니다. {start}에서 시작해 {peak}까지 올랐습니다. 학습률 {learningRate}이(가) 가중치를 너무 크게 움직입니다.',
    },
    hint: {
      en: 'Try again with a tenth of the rate: {suggested}.',
      ko: '학습률을 10분의 1인 {suggested}(으)로 낮춰 다시 해 보세요.',
    },
  },
  'coach.rateTooLow': {
    message: {
      en: 'After {steps} steps the training loss has hardly moved: from {start} to {end}. The learning rate of {learningRate} is too low to learn anything.',
      ko: '{steps}단계를 지나도 학습 손실이 거의 그대로입니다({start} → {end}). 학습률 {learningRate}이(가) 너무 낮아 배우지 못합니다.',
    },
    hint: {
      en: 'Try again with ten times the rate: {suggested}.',
      ko: '학습률을 10배인 {suggested}(으)로 올려 다시 해 보세요.',
    },
  },
  'coach.overFitting': {
    message: {
      en: 'The model is learning its rows by heart: the validation loss was best at step {step} ({best}) and has risen to {last}, while the training loss went on falling.',
      ko: '모델이 학습 데이터를 외우고 있습니다. 검증 손실은 {step}단계에서 가장 낮았고({best}) {last}까지 올랐는데, 학습 손실은 계속 줄었습니다.',
    },
    hint: {
      en: 'The weights of the best step are the ones kept. More rows help most; or end after {epochs} epochs.',
      ko: '가장 좋았던 단계의 가중치를 남겨 둡니다. 데이터를 늘리는 것이 가장 좋고, 아니면 {epochs}에폭에서 끝내세요.',
    },
  },
  'coach.underFitting': {
    message: {
      en: 'The run ended while it was still learning: the validation loss fell from {before} to {last} in its last quarter.',
      ko: '아직 배우는 중에 끝났습니다. 마지막 4분의 1 동안 검증 손실이 {before}에서 {last}(으)로 줄었습니다.',
    },
    hint: { en: 'Give it more time: {epochs} epochs.', ko: '시간을 더 주세요: {epochs}에폭.' },
  },
  'coach.plateau': {
    message: {
      en: 'Nothing has changed since step {step}: the validation loss stays near {value}.',
      ko: '{step}단계 이후로 달라진 것이 없습니다. 검증 손실이 {value} 근처에 머뭅니다.',
    },
    hint: {
      en: '{epochs} epochs would have been enough. To get further, train more of the model or add rows.',
      ko: '{epochs}에폭이면 충분했습니다. 더 나아지려면 모델의 더 많은 부분을 학습하거나 데이터를 늘리세요.',
    },
  },
  'coach.noisyLoss': {
    message: {
      en: 'The loss of single steps says little: each sees only {rows} rows.',
      ko: '단계마다 손실이 크게 흔들립니다. 한 단계에 보는 행이 {rows}개뿐입니다.',
    },
    hint: {
      en: 'Gradient accumulation {accumulation} makes each step see {suggested} rows without more memory.',
      ko: '기울기 누적을 {accumulation}(으)로 하면 메모리를 더 쓰지 않고 한 단계에 {suggested}행을 봅니다.',
    },
  },
  'coach.classNeverPredicted': {
    message: {
      en: 'The model never answers {names}, though {rows} validation rows are of that kind ({count} in all).',
      ko: '검증 데이터에 {rows}행이나 있는데도 모델이 한 번도 고르지 않는 라벨이 {count}개 있습니다: {names}.',
    },
    hint: {
      en: 'Look at how many training rows these labels have, and whether they can be told from their neighbours; add rows for them.',
      ko: '이 라벨의 학습 행이 몇 개인지, 비슷한 라벨과 구별되는지 살펴보고 데이터를 더하세요.',
    },
  },
  'coach.fewRows': {
    message: {
      en: '{rows} training rows are few for {classes} labels.',
      ko: '라벨 {classes}개에 비해 학습 행 {rows}개는 적습니다.',
    },
    hint: {
      en: 'About {wanted} rows or more give the model something to generalise from.',
      ko: '{wanted}행쯤은 되어야 모델이 일반화할 거리가 생깁니다.',
    },
  },
} as const satisfies ErrorTexts;

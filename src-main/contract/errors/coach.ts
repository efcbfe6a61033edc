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
  'coach.forgetting': {
    message: {
      en: 'The model forgets what it knew: on the watched texts the loss rose from {before} to {after} (perplexity from {perplexityBefore} to {perplexityAfter}).',
      ko: '모델이 알던 것을 잊고 있습니다. 지켜본 글에서 손실이 {before}에서 {after}(으)로 올랐습니다(퍼플렉시티 {perplexityBefore} → {perplexityAfter}).',
    },
    hint: {
      en: 'Train less of the model (LoRA or an adapter), more slowly ({learningRate} instead of {rate}) or for a shorter time, or mix some general texts into the training rows.',
      ko: '모델의 일부만 학습하거나(LoRA, 어댑터), 학습률을 {rate}에서 {learningRate}(으)로 낮추거나, 더 짧게 학습하거나, 학습 데이터에 일반 글을 섞으세요.',
    },
  },
  'coach.forgettingTask': {
    message: {
      en: 'The model forgets what it could do: on the watched rows {lost} % of the answers that were right before are lost ({metric} {before} → {after}).',
      ko: '모델이 하던 일을 잊고 있습니다. 지켜본 행에서 전에 맞히던 답의 {lost}%를 잃었습니다({metric} {before} → {after}).',
    },
    hint: {
      en: 'Train less of the model (LoRA or an adapter), more slowly ({learningRate} instead of {rate}) or for a shorter time, or mix some of the old rows into the training rows.',
      ko: '모델의 일부만 학습하거나(LoRA, 어댑터), 학습률을 {rate}에서 {learningRate}(으)로 낮추거나, 더 짧게 학습하거나, 학습 데이터에 예전 데이터를 섞으세요.',
    },
  },
  'coach.domainShift': {
    message: {
      en: 'These texts are foreign to the base model: before training its loss on them was {own}, on the watched texts {watched}.',
      ko: '바탕 모델에게 낯선 글입니다. 학습하기 전 손실이 이 글에서 {own}, 지켜본 글에서 {watched}였습니다.',
    },
    hint: {
      en: 'Let it read plain texts of the field first (text generation or filling in words), and train this task on the result; or choose a base model that knows the field.',
      ko: '먼저 이 분야의 글을 그대로 읽히고(텍스트 생성이나 빈칸 채우기) 그 결과로 이 과제를 학습하거나, 이 분야를 아는 바탕 모델을 고르세요.',
    },
  },
  'coach.unknownTokens': {
    message: {
      en: 'The base model cannot read these texts well: {percent} % of their tokens are not in its vocabulary.',
      ko: '바탕 모델이 이 글을 제대로 읽지 못합니다. 토큰의 {percent}%가 어휘에 없습니다.',
    },
    hint: {
      en: 'Choose a base model made for this language or field: training does not add words to a vocabulary.',
      ko: '이 언어나 분야에 맞는 바탕 모델을 고르세요. 학습해도 어휘가 늘지는 않습니다.',
    },
  },
  'coach.heldOutShift': {
    message: {
      en: 'The {split} rows are not like the training rows: {share} % of their tokens do not occur in training, where {usual} % would be usual.',
      ko: '{split} 데이터가 학습 데이터와 다릅니다. 토큰의 {share}%가 학습 데이터에 없습니다(보통은 {usual}%).',
    },
    hint: {
      en: 'Scores on them say how the model does elsewhere. If that is not meant, split all rows again at random; if it is, add training rows of that kind.',
      ko: '이 점수는 다른 분야에서 얼마나 하는지를 말합니다. 그럴 뜻이 아니었다면 전체를 다시 무작위로 나누고, 그럴 뜻이었다면 그런 학습 데이터를 더하세요.',
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

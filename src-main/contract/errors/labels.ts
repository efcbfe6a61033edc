import type { ErrorTexts } from './errorText.ts';

/** Errors while labelling. */
export const labelsErrors = {
  'labels.unknownColumn': {
    message: {
      en: 'The dataset "{dataset}" has no column "{column}".',
      ko: '데이터셋 "{dataset}"에는 "{column}" 열이 없습니다.',
    },
    hint: { en: 'Its columns are: {columns}.', ko: '있는 열: {columns}.' },
  },
  'labels.needsColumns': {
    message: {
      en: 'Choosing between two answers needs a column for each.',
      ko: '두 답변 가운데 고르려면 답변마다 열이 하나씩 필요합니다.',
    },
    hint: {
      en: 'Name the columns of the first and second answer.',
      ko: '첫째 답변과 둘째 답변의 열을 정하세요.',
    },
  },
  'labels.keyTaken': {
    message: {
      en: 'The key {key} of "{label}" is taken by "{taken}".',
      ko: '"{label}"의 {key} 키는 이미 "{taken}"에 쓰이고 있습니다.',
    },
    hint: { en: 'Choose another digit or letter.', ko: '다른 숫자나 글자를 고르세요.' },
  },
  'labels.sameName': {
    message: { en: 'Two labels are called "{label}".', ko: '"{label}" 라벨이 두 개 있습니다.' },
    hint: { en: 'Give each label its own name.', ko: '라벨마다 이름을 다르게 지으세요.' },
  },
  'labels.labelInUse': {
    message: {
      en: '{count} records carry the label "{label}", so it cannot be taken away.',
      ko: '레코드 {count}개에 "{label}" 라벨이 있어서 없앨 수 없습니다.',
    },
    hint: { en: 'Give those records another label first.', ko: '그 레코드들에 먼저 다른 라벨을 붙이세요.' },
  },
  'labels.fixedLabels': {
    message: { en: 'The labels of this task are fixed.', ko: '이 작업의 라벨은 정해져 있습니다.' },
    hint: { en: 'Only their keys can be changed.', ko: '키만 바꿀 수 있습니다.' },
  },
  'labels.unknownLabel': {
    message: { en: 'There is no label "{label}" here.', ko: '여기에는 "{label}" 라벨이 없습니다.' },
    hint: { en: 'Add it to the labels first.', ko: '먼저 라벨 목록에 추가하세요.' },
  },
  'labels.wrongAnswer': {
    message: {
      en: 'This is not an answer for this task: {detail}',
      ko: '이 작업에 맞는 답이 아닙니다: {detail}',
    },
    hint: { en: 'Choose among the labels shown.', ko: '보이는 라벨 가운데 고르세요.' },
  },
  'labels.tooMany': {
    message: {
      en: 'One action can change {limit} records; this would change {count}.',
      ko: '한 번에 레코드 {limit}개까지 바꿀 수 있는데 {count}개가 해당합니다.',
    },
    hint: { en: 'Narrow the filter.', ko: '필터를 좁히세요.' },
  },
  'labels.badExpression': {
    message: {
      en: 'The expression "{pattern}" is not valid: {detail}',
      ko: '정규식 "{pattern}"이 올바르지 않습니다: {detail}',
    },
    hint: {
      en: 'Correct it, or use a keyword instead.',
      ko: '고치거나 낱말 규칙을 쓰세요.',
    },
  },
  'labels.slowExpression': {
    message: {
      en: 'The expression "{pattern}" takes too long on some texts.',
      ko: '정규식 "{pattern}"은 어떤 글에서 시간이 너무 오래 걸립니다.',
    },
    hint: {
      en: 'Avoid a repetition inside a repetition such as (a+)+, or use a keyword instead.',
      ko: '(a+)+처럼 반복 안에 반복을 넣지 말거나 낱말 규칙을 쓰세요.',
    },
  },
  'labels.featuresGone': {
    message: {
      en: 'What the model read of these records is no longer in {folder}.',
      ko: '모델이 이 레코드를 읽은 결과가 {folder}에 더 이상 없습니다.',
    },
    hint: { en: 'Start the suggestions again.', ko: '제안을 다시 시작하세요.' },
  },
  'labels.helpTask': {
    message: {
      en: 'A model of this kind makes no suggestions for this task ({task}).',
      ko: '이런 모델은 이 작업({task})에 제안할 수 없습니다.',
    },
    hint: {
      en: 'A probe suggests one or several labels, a trained run spans too; for other tasks use rules.',
      ko: '빠른 분류기는 라벨 하나나 여럿을, 학습한 실행은 구간까지 제안합니다. 다른 작업에는 규칙을 쓰세요.',
    },
  },
  'labels.helpRunTask': {
    message: {
      en: 'The run "{name}" was trained for {task}; suggestions here need one for {wanted}.',
      ko: '실행 "{name}"은 {task} 작업으로 학습했습니다. 여기서 제안하려면 {wanted} 작업으로 학습한 실행이 필요합니다.',
    },
    hint: {
      en: 'Choose another run, or a probe on a base model.',
      ko: '다른 실행이나 기반 모델 위의 빠른 분류기를 고르세요.',
    },
  },
  'labels.helpLabels': {
    message: {
      en: 'The run "{name}" knows none of these labels; its own are: {labels}.',
      ko: '실행 "{name}"은 여기 있는 라벨을 하나도 모릅니다. 실행의 라벨: {labels}.',
    },
    hint: {
      en: 'Choose a run that was trained on these labels, or a probe on a base model.',
      ko: '이 라벨로 학습한 실행을 고르거나, 기반 모델로 제안을 받으세요.',
    },
  },
  'labels.otherRows': {
    message: {
      en: '"{name}" was not opened from the same dataset and for the same task as "{first}".',
      ko: '"{name}"은 "{first}"과 같은 데이터셋, 같은 작업으로 연 것이 아닙니다.',
    },
    hint: {
      en: 'Compare labellings of one dataset with one task.',
      ko: '같은 데이터셋을 같은 작업으로 연 것끼리 비교하세요.',
    },
  },
  'labels.nothingToPublish': {
    message: {
      en: '"{name}" has no labelled record yet.',
      ko: '"{name}"에는 아직 라벨을 붙인 레코드가 없습니다.',
    },
    hint: { en: 'Label some records first.', ko: '먼저 레코드에 라벨을 붙이세요.' },
  },
} as const satisfies ErrorTexts;

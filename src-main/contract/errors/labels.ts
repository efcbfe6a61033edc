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
  'labels.nothingToPublish': {
    message: {
      en: '"{name}" has no labelled record yet.',
      ko: '"{name}"에는 아직 라벨을 붙인 레코드가 없습니다.',
    },
    hint: { en: 'Label some records first.', ko: '먼저 레코드에 라벨을 붙이세요.' },
  },
} as const satisfies ErrorTexts;

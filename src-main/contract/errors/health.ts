import type { ErrorTexts } from './errorText.ts';

/** What the look at a dataset's health finds, and what to do about it. */
export const healthErrors = {
  'health.unusableRows': {
    message: { en: 'Rows that cannot be used: {rows}.', ko: '쓸 수 없는 행이 {rows}개 있습니다.' },
    hint: {
      en: 'Correct them in the file, or leave them out when importing.',
      ko: '파일에서 고치거나, 가져올 때 빼세요.',
    },
  },
  'health.syntheticRows': {
    message: {
      en: 'Rows written by a model: {rows} of {all} ({percent} %); to validate or test: {outside}.',
      ko: '모델이 쓴 행이 {all}개 중 {rows}개({percent}%)입니다. 그중 검증·시험에 {outside}개가 있습니다.',
    },
    hint: {
      en: 'Scores mean most on rows that people wrote: keep these in training, and compare with a run without them.',
      ko: '점수는 사람이 쓴 행으로 잴 때 가장 믿을 만합니다. 모델이 쓴 행은 학습에만 두고, 뺀 실행과 견주어 보세요.',
    },
  },
  'health.exactDuplicates': {
    message: {
      en: 'Rows whose text another row has too: {rows} (different texts: {groups}).',
      ko: '다른 행과 글이 같은 행이 {rows}개 있습니다(글 {groups}개).',
    },
    hint: {
      en: 'Keep one of each: repeated rows count several times in training.',
      ko: '하나씩만 남기세요. 겹치는 행은 학습에서 여러 번 셉니다.',
    },
  },
  'health.nearDuplicates': {
    message: {
      en: 'Rows almost the same as another: {rows} (groups: {groups}; at least {percent} % of their pieces in common).',
      ko: '다른 행과 거의 같은 행이 {rows}개 있습니다({groups}묶음, 조각의 {percent}% 이상이 겹침).',
    },
    hint: {
      en: 'Look through the groups; keep them in one split, or keep one of each.',
      ko: '묶음을 살펴보고 같은 분할에 두거나 하나씩만 남기세요.',
    },
  },
  'health.leakage': {
    message: {
      en: 'Rows with a duplicate in another split: {rows} (groups: {groups}).',
      ko: '서로 다른 분할에 겹치는 글이 있는 행이 {rows}개입니다({groups}묶음).',
    },
    hint: {
      en: 'Move them to training or split again by groups; until then validation and test results look better than they are.',
      ko: '학습으로 옮기거나 묶음 단위로 다시 나누세요. 그대로 두면 검증과 시험 결과가 실제보다 좋아 보입니다.',
    },
  },
  'health.conflictingLabels': {
    message: {
      en: 'Texts with different labels in different rows: {groups} (rows: {rows}).',
      ko: '같은 글에 라벨이 서로 다른 경우가 {groups}개 있습니다({rows}행).',
    },
    hint: { en: 'Decide on one label for each.', ko: '글마다 라벨을 하나로 정하세요.' },
  },
  'health.classImbalance': {
    message: {
      en: '"{commonest}" has {ratio} times as many rows as "{rarest}" ({most} against {least}).',
      ko: '"{commonest}"의 행이 "{rarest}"보다 {ratio}배 많습니다({most} 대 {least}).',
    },
    hint: {
      en: 'Collect more of the rare labels, set class weights in the training, or resample here; look at macro F1 instead of accuracy.',
      ko: '적은 라벨의 데이터를 더 모으거나, 학습에서 클래스 가중치를 켜거나, 여기서 다시 뽑으세요. 정확도 대신 매크로 F1을 보세요.',
    },
  },
  'health.tooLittleData': {
    message: {
      en: 'Labels with fewer than {needed} training rows, too few for what is to be trained: {groups}.',
      ko: '학습 행이 {needed}개보다 적은 라벨이 {groups}개입니다. 학습하려는 범위에 비해 부족합니다.',
    },
    hint: {
      en: 'Label more rows of these, join labels, or train less of the model (a head or an adapter).',
      ko: '이 라벨의 행을 더 모으거나, 라벨을 합치거나, 모델의 더 적은 부분(헤드나 어댑터)만 학습하세요.',
    },
  },
  'health.tooFewRows': {
    message: {
      en: 'Training rows: {rows}; about {needed} are needed for what is to be trained.',
      ko: '학습 행이 {rows}개입니다. 학습하려는 범위에는 {needed}개쯤 필요합니다.',
    },
    hint: {
      en: 'Collect more rows, or train less of the model (an adapter).',
      ko: '행을 더 모으거나 모델의 더 적은 부분(어댑터)만 학습하세요.',
    },
  },
  'health.emptyTexts': {
    message: {
      en: 'Rows without a letter or digit in their text: {rows}.',
      ko: '글에 글자나 숫자가 없는 행이 {rows}개 있습니다.',
    },
    hint: { en: 'Leave them out.', ko: '빼세요.' },
  },
  'health.longTexts': {
    message: {
      en: 'Rows longer than {limit} characters, which will probably be cut: {rows}.',
      ko: '{limit}자보다 긴 행이 {rows}개입니다. 학습할 때 잘릴 수 있습니다.',
    },
    hint: {
      en: 'Shorten or divide them, or raise the maximum length of the training.',
      ko: '줄이거나 나누고, 아니면 학습의 최대 길이를 늘리세요.',
    },
  },
  'health.encodingDamage': {
    message: {
      en: 'Rows damaged on the way through an encoding: {rows}.',
      ko: '인코딩 때문에 글자가 깨진 행이 {rows}개 있습니다.',
    },
    hint: {
      en: 'Repair what can be restored; where characters are lost (�), export the data again as UTF-8 from where it came.',
      ko: '되살릴 수 있는 것은 복구하세요. 글자가 사라졌으면(�) 원래 프로그램에서 UTF-8로 다시 내보내세요.',
    },
  },
  'health.languageMix': {
    message: {
      en: 'Rows written in another script than the rest ({main}): {rows}.',
      ko: '나머지({main})와 다른 문자로 쓴 행이 {rows}개 있습니다.',
    },
    hint: {
      en: 'Leave them out unless they are wanted; check that the model knows these languages.',
      ko: '필요한 것이 아니라면 빼고, 모델이 그 언어를 아는지 확인하세요.',
    },
  },
  'health.personalData': {
    message: {
      en: 'Rows that seem to hold personal data (e-mail, phone, resident or card numbers): {rows}.',
      ko: '개인정보(전자우편, 전화번호, 주민등록번호, 카드번호)로 보이는 내용이 든 행이 {rows}개 있습니다.',
    },
    hint: {
      en: 'Mask it: a model can repeat what it was trained on.',
      ko: '가리세요. 모델은 학습한 내용을 그대로 말할 수 있습니다.',
    },
  },
  'health.truncatedTexts': {
    message: {
      en: 'Rows longer than {limit} tokens, which will be cut: {rows}.',
      ko: '{limit}토큰보다 길어 잘릴 행이 {rows}개 있습니다.',
    },
    hint: {
      en: 'Raise the maximum length of the training if the model allows it, or shorten or divide the texts.',
      ko: '모델이 허용하면 학습의 최대 길이를 늘리고, 아니면 글을 줄이거나 나누세요.',
    },
  },
  'health.unknownTokens': {
    message: {
      en: 'The tokenizer of the base model does not know {percent} % of the tokens (rows concerned: {rows}).',
      ko: '기반 모델의 토크나이저가 모르는 토큰이 {percent}%입니다(해당 행 {rows}개).',
    },
    hint: {
      en: 'The texts are of another language or domain than the model: choose a model that was trained on such texts.',
      ko: '글의 언어나 분야가 모델과 다릅니다. 그런 글로 학습한 모델을 고르세요.',
    },
  },
  'health.untidyTexts': {
    message: {
      en: 'Rows with stray blanks, invisible characters or letters torn into parts: {rows}.',
      ko: '불필요한 공백, 보이지 않는 문자, 풀어 쓴 자모가 든 행이 {rows}개 있습니다.',
    },
    hint: {
      en: 'Tidy them: what looks the same should be the same to the model.',
      ko: '정리하세요. 보기에 같은 글은 모델에게도 같아야 합니다.',
    },
  },
  'health.labelErrors': {
    message: {
      en: 'Rows whose label is probably wrong: {rows} (judged: {judged}, by a quick classifier that is right in {accuracy} %).',
      ko: '라벨이 틀렸을 가능성이 큰 행이 {rows}개 있습니다(정확도 {accuracy}%인 간이 분류기로 {judged}행을 살핌).',
    },
    hint: {
      en: 'Look through them, the most suspicious first, and label them again; the arrow shows what the classifier would say.',
      ko: '가장 의심스러운 것부터 살펴보고 라벨을 다시 다세요. 화살표 뒤가 분류기의 의견입니다.',
    },
  },
  'health.outliers': {
    message: {
      en: 'Rows unlike all others, by their length or by pieces of text hardly any other row has: {rows}.',
      ko: '길이가 유난히 길거나 다른 행에 거의 없는 표현으로 된 행이 {rows}개 있습니다.',
    },
    hint: {
      en: 'Look whether they belong here; leave out what came in by mistake.',
      ko: '이 데이터에 속하는지 살펴보고, 잘못 들어온 것은 빼세요.',
    },
  },
} as const satisfies ErrorTexts;

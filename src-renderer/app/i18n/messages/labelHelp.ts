import type { Messages } from '../message.ts';

/** Suggestions while labelling: by a model and by rules. */
export const labelHelpMessages = {
  'label.help': { en: 'Suggestions', ko: '제안' },
  'label.helpNone': {
    en: 'A model can suggest labels and put the records that teach it most in front.',
    ko: '모델이 라벨을 제안하고, 배울 것이 많은 레코드를 앞에 보여 줄 수 있습니다.',
  },
  'label.helpStart': { en: 'Suggest labels', ko: '라벨 제안 받기' },
  'label.helpChange': { en: 'Change…', ko: '바꾸기…' },
  'label.helpStop': { en: 'Stop', ko: '그만 받기' },
  'label.helpTitle': { en: 'Who suggests labels?', ko: '누가 라벨을 제안하나요?' },
  'label.helpKind.probe': { en: 'probe', ko: '간이 분류기' },
  'label.helpKind.run': { en: 'trained run', ko: '학습한 실행' },
  'label.helpBy.probe': { en: 'A probe on a base model', ko: '기반 모델 위의 간이 분류기' },
  'label.helpBy.probeHelp': {
    en: 'The model reads each record once; a small classifier on top learns again every few labels while you go on.',
    ko: '모델이 레코드를 한 번씩 읽고, 그 위의 작은 분류기가 라벨 몇 개마다 다시 배웁니다. 그동안 계속 라벨을 붙일 수 있습니다.',
  },
  'label.helpBy.run': { en: 'A trained run', ko: '학습한 실행' },
  'label.helpBy.runHelp': {
    en: 'A finished run with the same labels says what it would answer. It does not learn from what you label here.',
    ko: '같은 라벨로 끝난 실행이 자기 답을 제안합니다. 여기서 붙인 라벨을 배우지는 않습니다.',
  },
  'label.helpModel': { en: 'Base model', ko: '기반 모델' },
  'label.helpRun': { en: 'Run', ko: '실행' },
  'label.helpNoRun': { en: 'No finished run of this task', ko: '이 작업으로 끝난 실행이 없습니다' },
  'label.helpNotHere': {
    en: 'Models suggest labels and spans. For this task, use rules.',
    ko: '모델은 라벨과 구간을 제안합니다. 이 작업에는 규칙을 쓰세요.',
  },
  'label.helpReading': { en: 'Reading {done} of {total} records…', ko: '레코드 {total}개 중 {done}개 읽음…' },
  'label.usefulFirst': { en: 'Most useful records first', ko: '배울 것이 많은 레코드 먼저' },
  'label.helpWaiting': {
    en: 'Give two different labels to begin. Until then, “Most different first” shows varied records.',
    ko: '서로 다른 라벨을 두 가지 붙이면 제안을 시작합니다. 그때까지는 “서로 가장 다른 것 먼저”로 다양한 레코드를 볼 수 있습니다.',
  },
  'label.helpLearned': {
    en: { one: 'Learned from {count} label.', other: 'Learned from {count} labels.' },
    ko: '라벨 {count}개에서 배웠습니다.',
  },
  'label.helpAccuracy': {
    en: 'Guesses {share} of them right unseen.',
    ko: '보지 않은 것을 {share} 맞힙니다.',
  },

  'label.rules': { en: 'Rules…', ko: '규칙…' },
  'label.rulesTitle': { en: 'Suggest by rules', ko: '규칙으로 제안' },
  'label.rulesHelp': {
    en: 'A rule suggests its label wherever the text has its word or matches its expression. Where rules contradict each other, nothing is suggested.',
    ko: '글에 낱말이 있거나 정규식에 맞으면 그 라벨을 제안합니다. 규칙끼리 어긋나는 곳에는 제안하지 않습니다.',
  },
  'label.rulesNotHere': {
    en: 'Rules suggest whole labels; this task has none.',
    ko: '규칙은 글 전체의 라벨을 제안합니다. 이 작업에는 쓸 수 없습니다.',
  },
  'label.rule.keyword': { en: 'Word', ko: '낱말' },
  'label.rule.expression': { en: 'Expression', ko: '정규식' },
  'label.ruleNumber': { en: 'Rule {number}', ko: '규칙 {number}' },
  'label.ruleForm': { en: 'Kind of rule', ko: '규칙의 종류' },
  'label.rulePattern': { en: 'Word or expression', ko: '낱말이나 정규식' },
  'label.ruleKeywordExample': { en: 'refund', ko: '환불' },
  'label.ruleAdd': { en: 'Add rule', ko: '규칙 추가' },
  'label.ruleRemove': { en: 'Remove rule {number}', ko: '규칙 {number} 없애기' },
  'label.ruleSaid': {
    en: '{covered} covered, {conflicting} contradicted.',
    ko: '{covered}개 해당, {conflicting}개 충돌.',
  },
  'label.ruleUnknown': { en: 'None of them is labelled yet.', ko: '아직 라벨이 붙은 것이 없습니다.' },
  'label.ruleRight': {
    en: '{share} of {count} labelled ones right.',
    ko: '라벨이 붙은 {count}개 중 {share} 맞음.',
  },
  'label.rulesSaid': {
    en: 'Together the rules cover {covered} of {total} records and contradict each other on {conflicting}.',
    ko: '규칙 전체가 레코드 {total}개 중 {covered}개에 해당하고, {conflicting}개에서 서로 어긋납니다.',
  },
  'label.rulesTry': { en: 'Try', ko: '시험해 보기' },
  'label.rulesApply': { en: 'Suggest', ko: '제안으로 넣기' },
} as const satisfies Messages;

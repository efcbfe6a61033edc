import type { Messages } from '../message.ts';

/** Labellings of the same rows, compared and decided. */
export const labelRoundMessages = {
  'label.rounds': { en: 'Compare rounds…', ko: '회차 비교…' },
  'label.roundsTitle': { en: 'Compare rounds', ko: '회차 비교' },
  'label.roundsHelp': {
    en: 'Labellings of the same rows, by several people or at several times.',
    ko: '같은 행에 여러 사람이 또는 여러 번 라벨을 붙인 작업들입니다.',
  },
  'label.roundsChoose': { en: 'Rounds', ko: '회차' },
  'label.roundsOf': { en: '{name}: {count} labelled', ko: '{name}: {count}개 완료' },
  'label.roundsMeasure': { en: 'Measure agreement', ko: '일치도 재기' },
  'label.agreement': { en: 'Agreement', ko: '일치도' },
  'label.agreementRaw': { en: 'Same answer', ko: '같은 답' },
  'label.agreementPair': { en: '{first} and {second}', ko: '{first}와(과) {second}' },
  'label.agreementRecords': { en: 'Records', ko: '레코드' },
  'label.disagreements': {
    en: { one: '{count} record differs', other: '{count} records differ' },
    ko: '레코드 {count}개가 서로 다름',
  },
  'label.decide': { en: 'Decide them', ko: '결정하기' },
  'label.decideHelp': {
    en: 'A new labelling: where all agree the answer stands, the rest is decided with one key each.',
    ko: '새 라벨 작업이 만들어집니다. 모두 같은 답은 그대로 두고, 나머지는 키 하나로 결정합니다.',
  },
  'label.decidedName': { en: '{name}, decided', ko: '{name} 결정' },
  'label.toDecide': { en: 'To decide', ko: '결정할 것' },
  'label.voteOf': { en: '{round} says', ko: '{round}의 답' },
} as const satisfies Messages;

import type { ErrorTexts } from './errorText.ts';

/** Errors in the settings of a run, a method or an objective. */
export const optionErrors = {
  'option.unknown': {
    message: { en: 'There is no setting "{name}" here.', ko: '"{name}"라는 설정은 없습니다.' },
    hint: { en: 'Known settings: {known}.', ko: '쓸 수 있는 설정: {known}.' },
  },
  'option.wrongType': {
    message: {
      en: '"{name}" is {value}, but it must be {expected}.',
      ko: '"{name}"의 값 {value}은(는) {expected}이어야 합니다.',
    },
    hint: { en: 'The usual value is {default}.', ko: '보통은 {default}을(를) 씁니다.' },
  },
  'option.outOfRange': {
    message: {
      en: '"{name}" is {value}, but it must be {range}.',
      ko: '"{name}"의 값 {value}은(는) {range} 범위여야 합니다.',
    },
    hint: { en: 'The usual value is {default}.', ko: '보통은 {default}을(를) 씁니다.' },
  },
  'option.unknownChoice': {
    message: {
      en: '"{name}" is "{value}", but it must be one of: {choices}.',
      ko: '"{name}"의 값 "{value}" 대신 다음 중 하나여야 합니다: {choices}.',
    },
    hint: { en: 'The usual value is {default}.', ko: '보통은 {default}을(를) 씁니다.' },
  },
} as const satisfies ErrorTexts;

import type { ErrorTexts } from './errorText.ts';

/** Errors that any part can raise. */
export const commonErrors = {
  'common.unexpected': {
    message: {
      en: 'Something went wrong that Tunebench did not foresee: {detail}',
      ko: 'Tunebench가 예상하지 못한 문제가 생겼습니다: {detail}',
    },
    hint: {
      en: 'Try again; if it stays, copy this message into a bug report.',
      ko: '다시 시도해 보시고, 계속되면 이 메시지를 복사해 버그로 알려 주세요.',
    },
  },
  'common.notFound': {
    message: { en: 'There is no {kind} named "{id}".', ko: '"{id}"라는 {kind}이(가) 없습니다.' },
    hint: { en: 'Choose one from the list.', ko: '목록에서 골라 주세요.' },
  },
  'common.invalidInput': {
    message: { en: '{path}: {detail}', ko: '{path}: {detail}' },
    hint: { en: 'Correct this value and try again.', ko: '이 값을 고친 뒤 다시 시도해 주세요.' },
  },
  'common.severalProblems': {
    message: {
      en: '{count} things need a change before this can start.',
      ko: '시작하기 전에 {count}가지를 고쳐야 합니다.',
    },
    hint: { en: 'Each is listed with its remedy.', ko: '각각의 해결 방법이 함께 나와 있습니다.' },
  },
  'common.cancelled': {
    message: { en: 'This was cancelled.', ko: '취소되었습니다.' },
    hint: { en: 'Start it again whenever you like.', ko: '원할 때 다시 시작하세요.' },
  },
} as const satisfies ErrorTexts;

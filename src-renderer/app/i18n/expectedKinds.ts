import type { LocalizedText } from '../../../src-main/contract/text.ts';

/** What a setting must be, in the words of the check (`expected` of `option.wrongType`) and in Korean. */
const kinds: readonly LocalizedText[] = [
  { en: 'a number', ko: '숫자' },
  { en: 'a finite number', ko: '유한한 숫자' },
  { en: 'a whole number', ko: '정수' },
  { en: 'true or false', ko: '켬 또는 끔' },
  { en: 'text', ko: '글' },
  { en: 'a list of names', ko: '이름 목록' },
  { en: 'a list of whole numbers', ko: '정수 목록' },
  { en: 'a table of names and numbers', ko: '이름과 숫자의 표' },
];

/** The Korean name of a kind of value; an unknown one keeps its own words. */
export function koreanKind(expected: string): string {
  return kinds.find(({ en }) => en === expected)?.ko ?? expected;
}

export type PersonalDataKind = 'email' | 'phone' | 'residentNumber' | 'card';

export interface PersonalDatum {
  readonly kind: PersonalDataKind;
  /** Where it stands in the text, `[start, end)` in UTF-16 units. */
  readonly start: number;
  readonly end: number;
}

const email =
  /[\p{L}\p{N}][\p{L}\p{N}._%+-]{0,63}@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,62}[\p{L}\p{N}])?\.)+\p{L}{2,24}/gu;
/** Korean mobile, area and service numbers, with or without +82, and numbers with a country code written out. */
const phone =
  /(?<![\d.-])(?:(?:\+82[ -]?|0)(?:1[016789]|2|[3-6][1-5]|70|50\d)[ .)-]?\d{3,4}[ .-]?\d{4}|\(0\d{1,2}\)[ ]?\d{3,4}[ .-]?\d{4}|1[568]\d{2}-\d{4}|\+(?!82)[1-9]\d{0,2}(?:[ .()-]{0,2}\d{2,4}){2,4}|\(\d{3}\)[ ]?\d{3}-\d{4}|\d{3}-\d{3}-\d{4})(?![\d-])/g;
const residentNumber = /(?<!\d)(\d{2})(\d{2})(\d{2})[ -]?([1-8])(\d{6})(?!\d)/g;
const card = /(?<![\d-])(?:\d[ -]?){12,18}\d(?![\d-])/g;

/** Luhn's check: ISO/IEC 7812-1, annex B. */
export function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = Number(digits[digits.length - 1 - index]);
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return digits.length > 0 && sum % 10 === 0;
}

const residentWeights = [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5];

/**
 * Whether 13 digits are a Korean resident registration number, or a foreigner's: a day that exists and the check digit.
 * Numbers given since October 2020 have digits by chance instead, which is why only the day is asked of them.
 */
export function isResidentNumber(digits: string): boolean {
  if (!/^\d{13}$/.test(digits)) return false;
  const marker = Number(digits[6]);
  if (marker < 1 || marker > 8) return false;
  const century = marker === 1 || marker === 2 || marker === 5 || marker === 6 ? 1900 : 2000;
  const [year, month, day] = [
    Number(digits.slice(0, 2)) + century,
    Number(digits.slice(2, 4)),
    Number(digits.slice(4, 6)),
  ];
  const date = new Date(Date.UTC(year, month - 1, day));
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return false;
  if (year > 2020 || (year === 2020 && month >= 10)) return true;
  const sum = residentWeights.reduce((total, weight, index) => total + weight * Number(digits[index]), 0);
  const check = (11 - (sum % 11)) % 10;
  const checkOfForeigner = (13 - (sum % 11)) % 10;
  return Number(digits[12]) === (marker >= 5 ? checkOfForeigner : check);
}

/** Lengths and first digits of the large card networks. */
function isCard(digits: string): boolean {
  return (
    /^(?:4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2(?:2[2-9]|[3-6]\d|7[01])\d{13}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|6(?:011|5\d{2})\d{12}|35\d{14}|9\d{15}|62\d{14,17})$/.test(
      digits,
    ) && passesLuhn(digits)
  );
}

function* matches(text: string, pattern: RegExp): Generator<{ digits: string; start: number; end: number }> {
  for (const match of text.matchAll(pattern)) {
    yield { digits: match[0].replace(/\D/g, ''), start: match.index, end: match.index + match[0].length };
  }
}

/** The personal data in a text by their patterns, in order; a stretch is reported once, as the surest kind. */
export function findPersonalData(text: string): PersonalDatum[] {
  const found: PersonalDatum[] = [];
  const add = (kind: PersonalDataKind, { start, end }: { start: number; end: number }) => {
    if (!found.some((other) => start < other.end && other.start < end)) found.push({ kind, start, end });
  };
  if (text.includes('@')) for (const match of matches(text, email)) add('email', match);
  if (!/\d.*\d{3}/s.test(text)) return found;
  for (const match of matches(text, residentNumber))
    if (isResidentNumber(match.digits)) add('residentNumber', match);
  for (const match of matches(text, card)) if (isCard(match.digits)) add('card', match);
  for (const match of matches(text, phone)) add('phone', match);
  return found.sort((one, other) => one.start - other.start);
}

/** The text with each digit and letter of its personal data replaced, so that lengths and layout stay. */
export function maskPersonalData(text: string): string {
  let masked = '';
  let at = 0;
  for (const { start, end } of findPersonalData(text)) {
    masked += text.slice(at, start) + text.slice(start, end).replace(/[\p{L}\p{N}]/gu, '*');
    at = end;
  }
  return masked + text.slice(at);
}

/** Numbers of built-in formats that show a date or time (ECMA-376 part 1, 18.8.30, with the East Asian ones). */
const builtInDates: readonly (readonly [number, number])[] = [
  [14, 22],
  [27, 36],
  [45, 47],
  [50, 58],
];

/** Whether cells of a number format show dates or times. */
export function isDateFormat(id: number, code: string | undefined): boolean {
  if (code === undefined) return builtInDates.some(([first, last]) => id >= first && id <= last);
  const bare = code.replace(/"[^"]*"|\\.|\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, '');
  return /[dmyhs]/i.test(bare) && !/general/i.test(bare);
}

const millisecondsPerDay = 86_400_000;
/** 1970-01-01 in days of the 1900 system, which counts a 29 February 1900 that never was. */
const epochDay = 25_569;
const offsetOf1904 = 1462;

/** A day number as ISO 8601: a date, a time, or both; the number itself where it is no date. */
export function dateOfNumber(days: number, from1904: boolean): string {
  const since1900 = from1904 ? days + offsetOf1904 : days;
  // Serial numbers before the invented day are one too small.
  const corrected = since1900 < 60 && !from1904 ? since1900 + 1 : since1900;
  const date = new Date(Math.round((corrected - epochDay) * millisecondsPerDay));
  if (Number.isNaN(date.getTime())) return String(days);
  const [day = '', rest = ''] = date.toISOString().split('T');
  const time = rest.replace(/(?:\.000)?Z$/, '');
  if (days >= 0 && days < 1) return time;
  return time === '00:00:00' ? day : `${day}T${time}`;
}

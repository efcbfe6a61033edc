import type { Pace } from '../../contract/labels.ts';

/** A pause longer than this is a break, not work. */
const breakMs = 60_000;
const fewestRecords = 5;

/**
 * How fast records are labelled: those of the last answers over the time between them, breaks left out.
 * @param recent when answers were given and to how many records, newest first
 */
export function measurePace(recent: readonly { at: string; records: number }[], pending: number): Pace {
  let workMs = 0;
  let records = 0;
  for (const [index, answer] of recent.entries()) {
    const before = recent[index + 1];
    if (before === undefined) break;
    const gapMs = Date.parse(answer.at) - Date.parse(before.at);
    if (gapMs < 0 || gapMs > breakMs) continue;
    workMs += gapMs;
    records += answer.records;
  }
  if (records < fewestRecords || workMs === 0) return { perHour: null, remainingMs: null };
  return { perHour: (records / workMs) * 3_600_000, remainingMs: (pending / records) * workMs };
}

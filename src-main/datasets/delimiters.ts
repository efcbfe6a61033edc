const candidates = [',', '\t', ';', '|'] as const;
const judgedRecords = 100;

/** How often `delimiter` occurs in each of the first records, outside quoted fields. */
function countPerRecord(text: string, delimiter: string): number[] {
  const counts: number[] = [];
  let count = 0;
  let quoted = false;
  let fieldStart = true;
  let empty = true;
  for (const character of text) {
    if (quoted) {
      if (character === '"') quoted = false;
      continue;
    }
    if (character === '\n' || character === '\r') {
      if (!empty) counts.push(count);
      if (counts.length >= judgedRecords) return counts;
      count = 0;
      fieldStart = true;
      empty = true;
      continue;
    }
    empty = false;
    if (character === delimiter) {
      count++;
      fieldStart = true;
    } else {
      // A doubled mark inside a quoted field closes and opens it again, which comes to the same.
      if (character === '"' && (fieldStart || delimiter !== '\t')) quoted = fieldStart;
      fieldStart = false;
    }
  }
  if (!empty) counts.push(count);
  return counts;
}

/** The delimiter that divides the first records into the same number of fields most steadily; a comma when none does. */
export function detectDelimiter(text: string): string {
  let best = ',';
  let bestShare = 0;
  let bestCount = 0;
  for (const candidate of candidates) {
    const counts = countPerRecord(text, candidate);
    const usual = counts[0] ?? 0;
    if (usual === 0) continue;
    const share = counts.filter((count) => count === usual).length / counts.length;
    if (share > bestShare || (share === bestShare && usual > bestCount)) {
      best = candidate;
      bestShare = share;
      bestCount = usual;
    }
  }
  return best;
}

/** Whether a delimiter divides all of the first records, and into as many fields each. */
export function looksDelimited(text: string, delimiter: string): boolean {
  const counts = countPerRecord(text, delimiter);
  const usual = counts[0] ?? 0;
  return usual > 0 && counts.filter((count) => count === usual).length >= counts.length * 0.95;
}

/**
 * Whether fields that begin with a quotation mark also end with one, throughout, and there are such fields. A field may
 * run over several lines; the last one may be cut off where the sample ends.
 */
export function hasQuotedFields(text: string, delimiter: string): boolean {
  let seen = false;
  for (let start = 0; start < text.length;) {
    let end = start;
    if (text[start] === '"') {
      end = start + 1;
      for (let mark = text.indexOf('"', end); ; mark = text.indexOf('"', end)) {
        if (mark < 0) return seen;
        end = mark + 1;
        if (text[end] !== '"') break;
        end++;
      }
      const next = text[end];
      if (next !== undefined && next !== delimiter && next !== '\n' && next !== '\r') return false;
      seen = true;
    } else while (end < text.length && text[end] !== delimiter && text[end] !== '\n') end++;
    start = end + 1;
  }
  return seen;
}

const longestColumnName = 60;

function couldBeName(text: string): boolean {
  const trimmed = text.trim();
  return (
    trimmed.length <= longestColumnName && !/[.?!。]$/.test(trimmed) && !/^[-+]?[\d.,]+%?$/.test(trimmed)
  );
}

/**
 * Whether the first record names the columns: its fields are short and differ, are no numbers or sentences, and do not
 * come again as values further down.
 */
export function looksLikeHeader(records: readonly (readonly string[])[]): boolean {
  const first = records[0] ?? [];
  const filled = first.filter((name) => name.trim() !== '');
  if (filled.length === 0 || new Set(filled).size < filled.length || !filled.every(couldBeName)) return false;
  return !first.some(
    (name, column) => name.trim() !== '' && records.slice(1).some((record) => record[column] === name),
  );
}

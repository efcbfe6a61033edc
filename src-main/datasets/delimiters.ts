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

/** Whether fields that begin with a quotation mark also end with one, in every line that has such fields. */
export function hasQuotedFields(text: string, delimiter: string): boolean {
  let seen = false;
  for (const line of text.split(/\r?\n/)) {
    for (const field of line.split(delimiter)) {
      if (!field.startsWith('"')) continue;
      if (field.length < 2 || !field.endsWith('"')) return false;
      seen = true;
    }
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

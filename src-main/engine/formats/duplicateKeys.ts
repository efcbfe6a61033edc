/** Where a string literal that starts at `start` ends: the index after its closing quote. */
function endOfString(json: string, start: number): number {
  let index = start + 1;
  while (json[index] !== '"') index += json[index] === '\\' ? 2 : 1;
  return index + 1;
}

/**
 * The first key that appears twice in one object, or null. JSON.parse keeps the last of two and says nothing, so two
 * readers could see different contents in one file.
 * @param json text that JSON.parse accepts
 */
export function findDuplicateKey(json: string): string | null {
  const open: (Set<string> | null)[] = [];
  let keyExpected = false;
  for (let index = 0; index < json.length; index++) {
    switch (json.charAt(index)) {
      case '{':
        open.push(new Set());
        keyExpected = true;
        break;
      case '[':
        open.push(null);
        keyExpected = false;
        break;
      case '}':
      case ']':
        open.pop();
        keyExpected = false;
        break;
      case ',':
        keyExpected = open.at(-1) instanceof Set;
        break;
      case '"': {
        const end = endOfString(json, index);
        const keys = open.at(-1);
        if (keyExpected && keys) {
          const key = String(JSON.parse(json.slice(index, end)));
          if (keys.has(key)) return key;
          keys.add(key);
          keyExpected = false;
        }
        index = end - 1;
        break;
      }
    }
  }
  return null;
}

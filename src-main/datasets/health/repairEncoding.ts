import { byteOfCharacter } from './encodingDamage.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });
/** Damage of damage is undone as well, but not without end. */
const mostRounds = 3;

function decodeRun(run: string): string {
  const bytes = Array.from(run, (character) => byteOfCharacter(character.charCodeAt(0)) ?? 0);
  try {
    return bytes.length < 2 ? run : utf8.decode(Uint8Array.from(bytes));
  } catch {
    return run;
  }
}

/** Reads stretches of UTF-8 that were taken for Latin-1 or Windows-1252 as what they are. */
function undoMojibake(text: string): string {
  let repaired = '';
  let run = '';
  for (let index = 0; index < text.length; index++) {
    if (byteOfCharacter(text.charCodeAt(index)) !== undefined) run += text[index] ?? '';
    else {
      repaired += decodeRun(run) + (text[index] ?? '');
      run = '';
    }
  }
  return repaired + decodeRun(run);
}

/**
 * The text with what can be restored restored: mojibake read again, control characters and halves of pairs left out.
 * What U+FFFD stood for is lost; the mark stays, so that the row can be found.
 */
export function repairEncoding(text: string): string {
  let repaired = text;
  for (let round = 0; round < mostRounds; round++) {
    const next = undoMojibake(repaired);
    if (next === repaired) break;
    repaired = next;
  }
  return repaired
    .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '')
    .replace(/[\u0000-\u0008\u000b\u000e-\u001f\u007f-\u009f]/g, '');
}

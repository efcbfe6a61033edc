export type DamageKind = 'replacement' | 'mojibake' | 'control' | 'loneSurrogate';

/** Windows-1252's characters at 0x80–0x9F, by code point. */
const windows1252: ReadonlyMap<number, number> = new Map(
  [...'€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ'].map((character, index) => [
    character.charCodeAt(0),
    0x80 + index,
  ]),
);

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The byte that a character would be in Latin-1 or Windows-1252; undefined for ASCII and all else. */
export function byteOfCharacter(code: number): number | undefined {
  if (code >= 0x80 && code <= 0xff) return code;
  return windows1252.get(code);
}

/** UTF-8 that was read as Latin-1 or Windows-1252: characters whose bytes are whole UTF-8 sequences, as in `Ã©` and `íê¸`. */
function hasMojibake(text: string): boolean {
  let run: number[] = [];
  const isUtf8 = (): boolean => {
    if (run.length < 2) return false;
    try {
      utf8.decode(Uint8Array.from(run));
      return true;
    } catch {
      return false;
    }
  };
  for (let index = 0; index <= text.length; index++) {
    const byte = index < text.length ? byteOfCharacter(text.charCodeAt(index)) : undefined;
    if (byte !== undefined) run.push(byte);
    else {
      if (isUtf8()) return true;
      run = [];
    }
  }
  return false;
}

/** What is wrong with a text's characters, the surest first; undefined where nothing is. */
export function damageOf(text: string): DamageKind | undefined {
  if (text.includes('\ufffd')) return 'replacement';
  if (!text.isWellFormed()) return 'loneSurrogate';
  if (/[\u0000-\u0008\u000b\u000e-\u001f\u007f]/.test(text)) return 'control';
  if (/[\u0080-\u00ff]/.test(text) && hasMojibake(text)) return 'mojibake';
  return /[\u0080-\u009f]/.test(text) ? 'control' : undefined;
}

/** Rows whose text was damaged on its way through an encoding. */
export function findEncodingDamage(texts: readonly string[]): { row: number; kind: DamageKind }[] {
  return texts.flatMap((text, row) => {
    const kind = damageOf(text);
    return kind === undefined ? [] : [{ row, kind }];
  });
}

/**
 * CP949, also called UHC or windows-949: EUC-KR with the 8,822 Hangul syllables that KS X 1001 lacks. TextDecoder's
 * `euc-kr` stops at those in some runtimes, so they are decoded here. They stand in Unicode order in the places EUC-KR
 * leaves free, which makes the table computable.
 */

const firstSyllable = 0xac00;
const lastSyllable = 0xd7a3;
const missing = 0xfffd;

let pairTable: Uint16Array | undefined;

/** Second bytes that an extended syllable may have after a first byte. */
function* freeSecondBytes(first: number): Generator<number> {
  const last = first <= 0xa0 ? 0xfe : 0xa0;
  for (let second = 0x41; second <= last; second++) {
    if (second <= 0x5a || (second >= 0x61 && second <= 0x7a) || second >= 0x81) yield second;
  }
}

/** Code unit by pair of bytes, 0 where there is none. */
function buildTable(): Uint16Array {
  const table = new Uint16Array(0x10000);
  const decoder = new TextDecoder('euc-kr');
  const pair = new Uint8Array(2);
  const known = new Set<number>();
  for (pair[0] = 0xa1; pair[0] <= 0xfe; pair[0]++) {
    for (pair[1] = 0xa1; pair[1] <= 0xfe; pair[1]++) {
      const text = decoder.decode(pair);
      const code = text.charCodeAt(0);
      if (text.length !== 1 || code === missing) continue;
      table[pair[0] * 256 + pair[1]] = code;
      known.add(code);
    }
  }
  let syllable = firstSyllable;
  for (let first = 0x81; first <= 0xc6; first++) {
    for (const second of freeSecondBytes(first)) {
      while (syllable <= lastSyllable && known.has(syllable)) syllable++;
      if (syllable > lastSyllable) return table;
      table[first * 256 + second] = syllable++;
    }
  }
  return table;
}

/** Whether a pair of bytes is one of the syllables that plain EUC-KR lacks. */
export function isExtendedPair(first: number, second: number): boolean {
  return first >= 0x81 && first <= 0xc6 && second < (first <= 0xa0 ? 0xff : 0xa1);
}

/** Decodes CP949 in pieces, as a fatal TextDecoder does: throws TypeError at bytes that mean nothing. */
export class Cp949Decoder {
  #lead = 0;

  decode(bytes: Uint8Array = new Uint8Array(0), options: { stream?: boolean } = {}): string {
    const table = (pairTable ??= buildTable());
    const units = new Uint16Array(bytes.byteLength + 1);
    let length = 0;
    let lead = this.#lead;
    for (const byte of bytes) {
      if (lead !== 0) {
        const code = table[lead * 256 + byte] ?? 0;
        if (code === 0) throw new TypeError('The encoded data was not valid for encoding cp949');
        units[length++] = code;
        lead = 0;
      } else if (byte >= 0x80) lead = byte;
      else units[length++] = byte;
    }
    this.#lead = options.stream === true ? lead : 0;
    if (lead !== 0 && options.stream !== true) {
      throw new TypeError('The encoded data was not valid for encoding cp949');
    }
    return new TextDecoder('utf-16le').decode(units.subarray(0, length));
  }
}

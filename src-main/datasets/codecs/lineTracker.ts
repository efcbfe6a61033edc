const newline = 0x0a;
const carriageReturn = 0x0d;

/** Turns byte offsets of a text that is fed in blocks into line numbers. Offsets asked for must not fall. */
export interface LineTracker {
  add(bytes: Uint8Array): void;
  /** The line of the first byte at or after `offset` that is no line end, and moves there. */
  lineOfTextAfter(offset: number): number;
  /** The line of the byte at `offset`, and moves there. */
  lineAt(offset: number): number;
}

export function createLineTracker(lineEnd: number = newline): LineTracker {
  const blocks: Uint8Array[] = [];
  let index = 0;
  let position = 0;
  let line = 1;

  /** The byte under the cursor; leaves blocks behind that are done with. */
  function current(): number | undefined {
    for (let block = blocks[0]; block !== undefined; block = blocks[0]) {
      if (index < block.byteLength) return block[index];
      blocks.shift();
      index = 0;
    }
    return undefined;
  }

  function advance(): void {
    if (blocks[0]?.[index] === lineEnd) line++;
    index++;
    position++;
  }

  function moveTo(offset: number): void {
    while (position < offset && current() !== undefined) advance();
  }

  return {
    add(bytes) {
      blocks.push(bytes);
    },
    lineAt(offset) {
      moveTo(offset);
      return line;
    },
    lineOfTextAfter(offset) {
      moveTo(offset);
      for (let byte = current(); byte === newline || byte === carriageReturn; byte = current()) advance();
      return line;
    },
  };
}

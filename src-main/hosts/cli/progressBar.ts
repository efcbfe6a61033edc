import { displayWidth } from './output.ts';

const barWidth = 24;

/** A line on the terminal that is drawn over itself; on anything but a terminal it stays silent. */
export class ProgressBar {
  readonly #stream: NodeJS.WriteStream;
  readonly #active: boolean;
  #drawn = false;

  constructor(stream: NodeJS.WriteStream, wanted: boolean) {
    this.#stream = stream;
    this.#active = wanted && stream.isTTY;
  }

  /** @param share done, 0 to 1; null while the whole is unknown */
  draw(share: number | null, text: string): void {
    if (!this.#active) return;
    const filled = Math.round(Math.min(1, Math.max(0, share ?? 0)) * barWidth);
    const percent = share === null ? '' : ` ${String(Math.floor(share * 100)).padStart(3)} %`;
    const bar = `${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)}${percent}`;
    let line = `${bar}  ${text}`;
    const columns = this.#stream.columns || 80;
    while (displayWidth(line) >= columns) line = line.slice(0, -1);
    this.#stream.write(`\r\u001b[2K${line}`);
    this.#drawn = true;
  }

  /** Removes the line, so that ordinary output can follow. */
  clear(): void {
    if (this.#drawn) this.#stream.write('\r\u001b[2K');
    this.#drawn = false;
  }
}

import { TunebenchError } from '../../../contract/errors/index.ts';
import type { RunEventBody } from '../../../contract/events.ts';
import { appendToFile } from '../../../platform/index.ts';
import { concatBytes } from './protobuf.ts';
import { encodeFileHeader, encodeScalar } from './eventFile.ts';
import { scalarsOf } from './scalars.ts';

/**
 * A run's numbers as an event file that grows while it trains, for TensorBoard to watch. It is a copy for other
 * programs: the log in the database is what counts, and a copy that cannot be written does not disturb the run. What
 * does not fit on a full disk is written with what comes next.
 */
export class LiveEventFile {
  readonly #pathOf: (name: string) => string;
  readonly #onFailure: (error: unknown) => void;
  #path: string | null = null;
  #failed = false;
  #told = false;
  #pending: Uint8Array[] = [];

  /** @param pathOf where a file of this name belongs @param onFailure told once, the first time */
  constructor(pathOf: (name: string) => string, onFailure: (error: unknown) => void) {
    this.#pathOf = pathOf;
    this.#onFailure = onFailure;
  }

  add(body: RunEventBody, at: string): void {
    const scalars = scalarsOf(body, at);
    if (scalars.length === 0 || this.#failed) return;
    try {
      this.#pending.push(...scalars.map(encodeScalar));
      if (this.#path === null) {
        // A run that goes on gets a file of its own: what was written before stays as it is.
        const startMs = Date.parse(at);
        this.#path = this.#pathOf(`events.out.tfevents.${startMs}.tunebench`);
        this.#pending.unshift(encodeFileHeader(startMs / 1000));
      }
      appendToFile(this.#path, concatBytes(this.#pending));
      this.#pending = [];
    } catch (error) {
      this.#failed = !(error instanceof TunebenchError && error.code === 'platform.diskFull');
      if (!this.#told) this.#onFailure(error);
      this.#told = true;
    }
  }
}

import type { TextTokenizer } from '../data/tokenizer.ts';

/** What a decoder shows for bytes that are not yet a whole character. */
const incomplete = '\ufffd';

/**
 * Turns tokens into text as they come. A character can be spread over several tokens (Korean syllables are three
 * bytes), so text is given out only up to the last whole one. Decoding starts some tokens back, because decoders treat
 * the beginning of a text differently.
 */
export class TokenTextStream {
  private readonly tokenizer: TextTokenizer;
  private readonly ids: number[];
  /** Tokens before this are settled and only serve as context. */
  private contextStart: number;
  /** Text up to this token was given out. */
  private given: number;

  /** @param promptIds tokens before the first that is given out */
  constructor(tokenizer: TextTokenizer, promptIds: readonly number[]) {
    this.tokenizer = tokenizer;
    this.ids = [...promptIds];
    this.given = this.ids.length;
    this.contextStart = Math.max(0, this.given - 6);
  }

  /** @returns the text that is new and whole; '' while a character is incomplete */
  push(id: number): string {
    this.ids.push(id);
    return this.take(false);
  }

  /** What is left at the end, broken characters included. */
  flush(): string {
    return this.take(true);
  }

  private take(all: boolean): string {
    const before = this.tokenizer.decode(this.ids.slice(this.contextStart, this.given));
    const now = this.tokenizer.decode(this.ids.slice(this.contextStart));
    if (!all && now.endsWith(incomplete)) return '';
    if (this.given === this.ids.length) return '';
    this.contextStart = this.given;
    this.given = this.ids.length;
    return now.slice(before.length);
  }
}

/** Ends a text at the first of some stop strings, and holds back what may turn out to be the beginning of one. */
export class StopFilter {
  private readonly stops: readonly string[];
  private held = '';
  /** A stop string has come: nothing follows. */
  stopped = false;

  constructor(stops: readonly string[]) {
    this.stops = stops.filter((stop) => stop !== '');
  }

  push(text: string): string {
    this.held += text;
    const found = this.stops.map((stop) => this.held.indexOf(stop)).filter((place) => place >= 0);
    if (found.length > 0) {
      this.stopped = true;
      return this.give(Math.min(...found));
    }
    return this.give(this.held.length - this.longestBeginning());
  }

  flush(): string {
    return this.stopped ? '' : this.give(this.held.length);
  }

  private give(length: number): string {
    const given = this.held.slice(0, length);
    this.held = this.held.slice(length);
    return given;
  }

  private longestBeginning(): number {
    let longest = 0;
    for (const stop of this.stops) {
      for (let length = Math.min(stop.length - 1, this.held.length); length > longest; length--) {
        if (this.held.endsWith(stop.slice(0, length))) longest = length;
      }
    }
    return longest;
  }
}

import { Tokenizer } from '@huggingface/tokenizers';
import { TunebenchError } from '../../contract/errors/index.ts';
import type { EngineFiles } from '../files.ts';
import { type PieceStyle, placeTokens } from './pieces.ts';
import { readTokenizerFolder } from './tokenizerFiles.ts';

export interface EncodeOptions {
  readonly pair?: string;
  /** Longest result in tokens, special ones included; the longer text of a pair is cut first. */
  readonly maximumLength?: number;
  /** Add what the model expects around a text ([CLS], `<s>` …). On unless turned off. */
  readonly specialTokens?: boolean;
}

export interface Encoded {
  readonly ids: number[];
  /** 0 for the first text, 1 for the second. */
  readonly typeIds: number[];
  readonly truncated: boolean;
}

/** A token of a text, `[start, end)` in UTF-16 units. */
export interface LocatedToken {
  readonly id: number;
  readonly start: number;
  readonly end: number;
}

export interface Framed {
  readonly ids: number[];
  readonly typeIds: number[];
  /** Index of the first text's first token. */
  readonly firstAt: number;
  /** Likewise of the second text's. */
  readonly secondAt: number;
}

/** Text to token ids and back, as the checkpoint's own tokenizer does it. */
export interface TextTokenizer {
  readonly padId: number;
  /** Stands for what the vocabulary lacks; null where it lacks nothing. */
  readonly unknownId: number | null;
  readonly bosToken: string | null;
  readonly eosToken: string | null;
  readonly eosId: number | null;
  /** Tokens that end a generated text. */
  readonly stopIds: readonly number[];
  /** The checkpoint's Jinja chat template. */
  readonly chatTemplate: string | null;
  encode(text: string, options?: EncodeOptions): Encoded;
  /** The token that stands for a hidden one; null where the vocabulary has none. */
  readonly maskId: number | null;
  /** Ids run from 0 to one below. */
  readonly vocabularySize: number;
  /** Tokens that mean no text. */
  readonly specialIds: ReadonlySet<number>;
  /** The tokens of a text where they stand in it, special ones left out. */
  locate(text: string): LocatedToken[];
  /** Tokens with what the model expects around one text or two. */
  frame(first: readonly number[], second?: readonly number[]): Framed;
  /** A token's text with the marks its vocabulary gives it. */
  tokenOf(id: number): string;
  /** Special tokens are left out. */
  decode(ids: readonly number[]): string;
}

/** The part of the tokenizer library this file relies on. */
interface TokenizerLibrary {
  tokenize(text: string, options: { add_special_tokens: boolean }): string[];
  decode(
    ids: number[],
    options: { skip_special_tokens: boolean; clean_up_tokenization_spaces: boolean },
  ): string;
  token_to_id(token: string): number | undefined;
  id_to_token(id: number): string | undefined;
  get_vocab(): ReadonlyMap<string, number>;
  get_added_tokens_decoder(): ReadonlyMap<number, { readonly special: boolean }>;
  readonly model: { readonly unk_token_id?: number | null } | null;
  readonly post_processor:
    | ((
        tokens: string[],
        pair: string[] | null,
        specialTokens: boolean,
      ) => { tokens: string[]; tokens_pair?: string[] | null; token_type_ids?: number[] })
    | null;
}

/** What pieces that go on within a word begin with. */
function continuationOf(definition: object): string {
  const model: unknown = Reflect.get(definition, 'model');
  if (typeof model !== 'object' || model === null) return '';
  const prefix: unknown = Reflect.get(model, 'continuing_subword_prefix');
  return typeof prefix === 'string' ? prefix : '';
}

/** Lengths of two texts cut to `room` tokens together, as the Rust tokenizers' "longest first" does it. */
export function shareRoom(first: number, second: number, room: number): [number, number] {
  const shorter = Math.min(first, second);
  const longer = shorter > room ? shorter : Math.max(shorter, room - shorter);
  if (shorter + longer > room) {
    const half = Math.floor(room / 2);
    return first <= second ? [half, room - half] : [room - half, half];
  }
  return first <= second ? [first, Math.min(second, longer)] : [Math.min(first, longer), second];
}

/**
 * Loads `tokenizer.json` and what belongs to it from a model folder.
 * @throws TunebenchError `tokenizer.missing` or `tokenizer.unreadable`
 */
export function loadTokenizer(files: EngineFiles, folder: string): TextTokenizer {
  const { definition, config, chatTemplate, generationStopIds } = readTokenizerFolder(files, folder);
  let library: TokenizerLibrary;
  try {
    library = new Tokenizer(definition, config);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new TunebenchError('tokenizer.unreadable', { folder, detail }, { cause: error });
  }
  const unknownId = library.model?.unk_token_id ?? null;

  function tokenNamed(name: string): string | null {
    const value = config[name];
    if (typeof value === 'string') return value;
    if (typeof value !== 'object' || value === null) return null;
    const content: unknown = Reflect.get(value, 'content');
    return typeof content === 'string' ? content : null;
  }
  function idOf(token: string | null): number | null {
    return token === null ? null : (library.token_to_id(token) ?? null);
  }
  function surround(tokens: string[], pair: string[] | null, special: boolean) {
    const done = library.post_processor?.(tokens, pair, special) ?? { tokens, tokens_pair: pair };
    const second = done.tokens_pair ?? [];
    const typeIds = done.token_type_ids ?? [...done.tokens.map(() => 0), ...second.map(() => 1)];
    return { tokens: [...done.tokens, ...second], typeIds };
  }

  /** Where the texts stand among the special tokens around them. */
  function frameOf(isPair: boolean) {
    const [first, second] = ['first text', 'second text'];
    const { tokens } = surround([first], isPair ? [second] : null, true);
    return { tokens, firstAt: tokens.indexOf(first), secondAt: tokens.indexOf(second) };
  }

  const style: PieceStyle = {
    isByteLevel: JSON.stringify([Reflect.get(definition, 'pre_tokenizer')]).includes('"ByteLevel"'),
    continuation: continuationOf(definition),
  };
  const eosToken = tokenNamed('eos_token');
  const eosId = idOf(eosToken);
  const cleanUp = config['clean_up_tokenization_spaces'] === true;
  return {
    padId: idOf(tokenNamed('pad_token')) ?? eosId ?? 0,
    unknownId,
    bosToken: tokenNamed('bos_token'),
    eosToken,
    eosId,
    stopIds: [...new Set([...(eosId === null ? [] : [eosId]), ...generationStopIds])],
    chatTemplate,
    encode(text, { pair, maximumLength = Infinity, specialTokens = true } = {}) {
      let first = library.tokenize(text, { add_special_tokens: false });
      let second = pair === undefined ? null : library.tokenize(pair, { add_special_tokens: false });
      const added = surround([], second === null ? null : [], specialTokens).tokens.length;
      const room = Math.max(0, maximumLength - added);
      const truncated = first.length + (second?.length ?? 0) > room;
      if (truncated) {
        const [firstLength, secondLength] = shareRoom(first.length, second?.length ?? 0, room);
        first = first.slice(0, firstLength);
        second = second?.slice(0, secondLength) ?? null;
      }
      const surrounded = surround(first, second, specialTokens);
      const ids: number[] = [];
      const typeIds: number[] = [];
      surrounded.tokens.forEach((token, index) => {
        // A character the vocabulary lacks, in a tokenizer without an unknown token, is left out.
        const id = library.token_to_id(token) ?? unknownId;
        if (id === null) return;
        ids.push(id);
        typeIds.push(surrounded.typeIds[index] ?? 0);
      });
      return { ids, typeIds, truncated };
    },
    // Some folders name it nowhere but among the tokens themselves.
    maskId: idOf(tokenNamed('mask_token')) ?? idOf('[MASK]') ?? idOf('<mask>'),
    get vocabularySize() {
      return [...library.get_vocab().values()].reduce((size, id) => Math.max(size, id + 1), 0);
    },
    specialIds: new Set(
      [...library.get_added_tokens_decoder()].flatMap(([id, { special }]) => (special ? [id] : [])),
    ),
    tokenOf: (id) => library.id_to_token(id) ?? '',
    locate: (text) =>
      placeTokens(text, (part) => library.tokenize(part, { add_special_tokens: false }), style).flatMap(
        ({ token, start, end }) => {
          const id = library.token_to_id(token) ?? unknownId;
          return id === null ? [] : [{ id, start, end }];
        },
      ),
    frame(first, second) {
      const { tokens, firstAt, secondAt } = frameOf(second !== undefined);
      const known = tokens.map((token) => library.token_to_id(token) ?? unknownId ?? 0);
      const before = known.slice(0, firstAt);
      if (second === undefined) {
        const ids = [...before, ...first, ...known.slice(firstAt + 1)];
        return { ids, typeIds: ids.map(() => 0), firstAt, secondAt: ids.length };
      }
      const between = known.slice(firstAt + 1, secondAt);
      const ids = [...before, ...first, ...between, ...second, ...known.slice(secondAt + 1)];
      const start = firstAt + first.length + between.length;
      const texts = surround(['first'], ['second'], true).typeIds;
      const [ofFirst = 0, ofSecond = 0] = [texts[firstAt], texts[secondAt]];
      return {
        ids,
        typeIds: ids.map((_, index) => (index < start ? ofFirst : ofSecond)),
        firstAt,
        secondAt: start,
      };
    },
    decode: (ids) =>
      ids.length === 0
        ? ''
        : library.decode([...ids], { skip_special_tokens: true, clean_up_tokenization_spaces: cleanUp }),
  };
}

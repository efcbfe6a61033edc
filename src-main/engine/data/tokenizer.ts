import { Tokenizer } from '@huggingface/tokenizers';
import { TunebenchError } from '../../contract/errors/index.ts';
import type { EngineFiles } from '../files.ts';
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
  readonly model: { readonly unk_token_id?: number | null } | null;
  readonly post_processor:
    | ((
        tokens: string[],
        pair: string[] | null,
        specialTokens: boolean,
      ) => { tokens: string[]; tokens_pair?: string[] | null; token_type_ids?: number[] })
    | null;
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
    decode: (ids) =>
      ids.length === 0
        ? ''
        : library.decode([...ids], { skip_special_tokens: true, clean_up_tokenization_spaces: cleanUp }),
  };
}

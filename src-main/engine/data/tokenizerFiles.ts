import { TunebenchError } from '../../contract/errors/index.ts';
import type { EngineFiles } from '../files.ts';
import { bertSpecialTokens, wordPieceDefinition } from './wordPieceFile.ts';

/** A tokenizer's files as read from a model folder. */
export interface TokenizerFolder {
  readonly definition: object;
  readonly config: Readonly<Record<string, unknown>>;
  readonly chatTemplate: string | null;
  /** `eos_token_id` of generation_config.json. */
  readonly generationStopIds: readonly number[];
}

function readJsonObject(files: EngineFiles, folder: string, name: string): Record<string, unknown> | null {
  const path = files.join(folder, name);
  if (!files.exists(path)) return null;
  try {
    const parsed: unknown = JSON.parse(files.readText(path));
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return { ...parsed };
    throw new TunebenchError('tokenizer.unreadable', { folder, detail: `${name} is not a JSON object` });
  } catch (error) {
    if (error instanceof TunebenchError) throw error;
    const detail = `${name}: ${error instanceof Error ? error.message : String(error)}`;
    throw new TunebenchError('tokenizer.unreadable', { folder, detail }, { cause: error });
  }
}

/** A checkpoint can name several templates; the one called default is for conversation. */
function chooseTemplate(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return null;
  for (const entry of value as unknown[]) {
    if (typeof entry !== 'object' || entry === null) continue;
    const template: unknown = Reflect.get(entry, 'template');
    if (Reflect.get(entry, 'name') === 'default' && typeof template === 'string') return template;
  }
  return null;
}

function readStopIds(value: unknown): number[] {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.filter((id): id is number => typeof id === 'number' && Number.isInteger(id));
}

/**
 * Which file of a folder the tokenizer is read from: tokenizer.json, or the vocabulary of an older BERT. A vocab.txt
 * beside a SentencePiece file (KoBERT) is a list of that file's pieces, not WordPiece.
 */
export function findTokenizer(
  files: EngineFiles,
  folder: string,
):
  | { readonly file: 'tokenizer.json' | 'vocab.txt' }
  | { readonly file: null; readonly unread: string | null } {
  const has = (name: string) => files.exists(files.join(folder, name));
  if (has('tokenizer.json')) return { file: 'tokenizer.json' };
  const sentencePiece = files.list(folder).find((name) => /\.(model|spm)$/.test(name));
  if (sentencePiece !== undefined) return { file: null, unread: sentencePiece };
  return has('vocab.txt') ? { file: 'vocab.txt' } : { file: null, unread: null };
}

function readDefinition(
  files: EngineFiles,
  folder: string,
  config: Readonly<Record<string, unknown>>,
): object | null {
  const found = findTokenizer(files, folder);
  switch (found.file) {
    case 'tokenizer.json':
      return readJsonObject(files, folder, found.file);
    case 'vocab.txt':
      return wordPieceDefinition(files.readText(files.join(folder, found.file)), config);
    case null:
      if (found.unread === null) throw new TunebenchError('tokenizer.missing', { folder });
      throw new TunebenchError('tokenizer.sentencePiece', { folder, file: found.unread });
    default:
      return found satisfies never;
  }
}

/**
 * Reads tokenizer.json or vocab.txt, and tokenizer_config.json, special_tokens_map.json, chat_template.jinja and
 * generation_config.json as far as they are there.
 */
export function readTokenizerFolder(files: EngineFiles, folder: string): TokenizerFolder {
  const named = {
    ...readJsonObject(files, folder, 'special_tokens_map.json'),
    ...readJsonObject(files, folder, 'tokenizer_config.json'),
  };
  const isVocabulary = findTokenizer(files, folder).file === 'vocab.txt';
  const config = isVocabulary ? { ...bertSpecialTokens, ...named } : named;
  const definition = readDefinition(files, folder, config);
  if (definition === null) throw new TunebenchError('tokenizer.missing', { folder });
  const templatePath = files.join(folder, 'chat_template.jinja');
  const chatTemplate = files.exists(templatePath)
    ? files.readText(templatePath)
    : chooseTemplate(config['chat_template']);
  const generation = readJsonObject(files, folder, 'generation_config.json');
  return { definition, config, chatTemplate, generationStopIds: readStopIds(generation?.['eos_token_id']) };
}

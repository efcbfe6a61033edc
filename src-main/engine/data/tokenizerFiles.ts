import { TunebenchError } from '../../contract/errors/index.ts';
import type { EngineFiles } from '../files.ts';

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
 * Reads tokenizer.json, tokenizer_config.json, special_tokens_map.json, chat_template.jinja and
 * generation_config.json; only the first is required.
 */
export function readTokenizerFolder(files: EngineFiles, folder: string): TokenizerFolder {
  const definition = readJsonObject(files, folder, 'tokenizer.json');
  if (definition === null) throw new TunebenchError('tokenizer.missing', { folder });
  const config = {
    ...readJsonObject(files, folder, 'special_tokens_map.json'),
    ...readJsonObject(files, folder, 'tokenizer_config.json'),
  };
  const templatePath = files.join(folder, 'chat_template.jinja');
  const chatTemplate = files.exists(templatePath)
    ? files.readText(templatePath)
    : chooseTemplate(config['chat_template']);
  const generation = readJsonObject(files, folder, 'generation_config.json');
  return { definition, config, chatTemplate, generationStopIds: readStopIds(generation?.['eos_token_id']) };
}

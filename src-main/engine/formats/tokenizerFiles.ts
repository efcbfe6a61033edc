import type { ByteSink, EngineFiles } from '../files.ts';

/** Files a tokenizer, a chat template or generation settings can consist of in a Hugging Face folder. */
const tokenizerNames = [
  'tokenizer.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'added_tokens.json',
  'vocab.txt',
  'vocab.json',
  'merges.txt',
  'tokenizer.model',
  'chat_template.jinja',
  'generation_config.json',
];

const chunkBytes = 1 << 20;

/** Copies a model's tokenizer into a folder being written. */
export function copyTokenizer(files: EngineFiles, folder: string, file: (name: string) => ByteSink): void {
  for (const name of tokenizerNames) {
    const path = files.join(folder, name);
    if (!files.exists(path)) continue;
    const source = files.open(path);
    try {
      const sink = file(name);
      for (let offset = 0; offset < source.sizeBytes; offset += chunkBytes) {
        sink.write(source.read(offset, Math.min(chunkBytes, source.sizeBytes - offset)));
      }
    } finally {
      source.close();
    }
  }
}

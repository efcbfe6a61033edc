/** BERT's own names of its special tokens, for folders that do not name them. */
export const bertSpecialTokens = {
  unk_token: '[UNK]',
  sep_token: '[SEP]',
  pad_token: '[PAD]',
  cls_token: '[CLS]',
  mask_token: '[MASK]',
};

function contentOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  const content: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'content') : null;
  return typeof content === 'string' ? content : null;
}

/**
 * The tokenizer.json that transformers makes of a BERT vocabulary: older checkpoints (KoELECTRA, early KLUE models) have
 * only vocab.txt, one token a line.
 * @param config tokenizer_config.json, which says whether letters are lower-cased and what special tokens are called
 */
export function wordPieceDefinition(vocabulary: string, config: Readonly<Record<string, unknown>>): object {
  const lines = vocabulary.split('\n').map((line) => line.replace(/\r$/, ''));
  if (lines.at(-1) === '') lines.pop();
  const ids: Record<string, number> = {};
  lines.forEach((token, id) => (ids[token] ??= id));
  const named = (name: keyof typeof bertSpecialTokens) => contentOf(config[name]) ?? bertSpecialTokens[name];
  const [unknown, separator, begin] = [named('unk_token'), named('sep_token'), named('cls_token')];
  const special = [unknown, separator, named('pad_token'), begin, named('mask_token')];
  const flag = (name: string, fallback: boolean) =>
    typeof config[name] === 'boolean' ? config[name] : fallback;
  const place = (token: string, type: number) => ({ SpecialToken: { id: token, type_id: type } });
  const text = (id: 'A' | 'B', type: number) => ({ Sequence: { id, type_id: type } });
  const single = [place(begin, 0), text('A', 0), place(separator, 0)];
  const known = [...new Set(special)].filter((token) => ids[token] !== undefined);
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: known.map((content) => ({
      id: ids[content],
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: flag('tokenize_chinese_chars', true),
      strip_accents: typeof config['strip_accents'] === 'boolean' ? config['strip_accents'] : null,
      lowercase: flag('do_lower_case', true),
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'TemplateProcessing',
      single,
      pair: [...single, text('B', 1), place(separator, 1)],
      special_tokens: Object.fromEntries(
        [begin, separator].map((token) => [token, { id: token, ids: [ids[token] ?? 0], tokens: [token] }]),
      ),
    },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: unknown,
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: ids,
    },
  };
}

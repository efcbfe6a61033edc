import type { Bpe } from './byteLevelBpe.ts';

/** The special tokens of a sample model and how they frame a text. */
export interface Framing {
  /** In id order, before all other symbols. */
  readonly specialTokens: readonly string[];
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** The tokenizer class that transformers should use. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** `[CLS] text [SEP]`, as BERT frames it. */
export const encoderFraming: Framing = {
  specialTokens: ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'],
  before: ['[CLS]'],
  after: ['[SEP]'],
  config: {
    tokenizer_class: 'PreTrainedTokenizerFast',
    pad_token: '[PAD]',
    unk_token: '[UNK]',
    cls_token: '[CLS]',
    sep_token: '[SEP]',
    mask_token: '[MASK]',
    model_max_length: 128,
  },
};

const chatTemplate =
  "{% for message in messages %}{{ '<|' + message['role'] + '|>' + message['content'] }}" +
  "{% if message['role'] == 'assistant' %}{{ '</s>' }}{% endif %}{% endfor %}" +
  "{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}";

/** `<s> text`, with two role marks for conversations. */
export const decoderFraming: Framing = {
  specialTokens: ['<pad>', '<s>', '</s>', '<|user|>', '<|assistant|>'],
  before: ['<s>'],
  after: [],
  config: {
    tokenizer_class: 'PreTrainedTokenizerFast',
    pad_token: '<pad>',
    bos_token: '<s>',
    eos_token: '</s>',
    chat_template: `<s>${chatTemplate}`,
    model_max_length: 256,
  },
};

/** Contents of tokenizer.json and tokenizer_config.json for a byte-level BPE with this framing. */
export function tokenizerFiles(
  bpe: Bpe,
  framing: Framing,
): { tokenizer: object; config: object; vocabularySize: number } {
  const tokens = [...framing.specialTokens, ...bpe.symbols];
  const vocabulary = Object.fromEntries(tokens.map((token, id) => [token, id]));
  const special = (token: string) => ({ SpecialToken: { id: token, type_id: 0 } });
  const single = [
    ...framing.before.map(special),
    { Sequence: { id: 'A', type_id: 0 } },
    ...framing.after.map(special),
  ];
  const pair = [
    ...single,
    { Sequence: { id: 'B', type_id: 1 } },
    ...framing.after.map((token) => ({ SpecialToken: { id: token, type_id: 1 } })),
  ];
  const framed = [...new Set([...framing.before, ...framing.after])];
  return {
    vocabularySize: tokens.length,
    tokenizer: {
      version: '1.0',
      truncation: null,
      padding: null,
      added_tokens: framing.specialTokens.map((content, id) => ({
        id,
        content,
        single_word: false,
        lstrip: false,
        rstrip: false,
        normalized: false,
        special: true,
      })),
      normalizer: { type: 'NFC' },
      pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
      post_processor: {
        type: 'TemplateProcessing',
        single,
        pair,
        special_tokens: Object.fromEntries(
          framed.map((token) => [token, { id: token, ids: [vocabulary[token]], tokens: [token] }]),
        ),
      },
      decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
      model: {
        type: 'BPE',
        dropout: null,
        unk_token: null,
        continuing_subword_prefix: null,
        end_of_word_suffix: null,
        fuse_unk: false,
        byte_fallback: false,
        ignore_merges: false,
        vocab: vocabulary,
        merges: bpe.merges,
      },
    },
    config: framing.config,
  };
}

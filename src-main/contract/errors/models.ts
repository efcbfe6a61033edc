import type { ErrorTexts } from './errorText.ts';

/** Errors in base models and tokenizers. */
export const modelsErrors = {
  'tokenizer.missing': {
    message: {
      en: 'The model folder {folder} has no tokenizer.json.',
      ko: '모델 폴더 {folder}에 tokenizer.json이 없습니다.',
    },
    hint: {
      en: 'Copy tokenizer.json and tokenizer_config.json from where the model came from. For an old model with only vocab.txt, save its fast tokenizer once with transformers.',
      ko: '모델을 받은 곳에서 tokenizer.json과 tokenizer_config.json을 복사하세요. vocab.txt만 있는 옛 모델은 transformers로 빠른 토크나이저를 한 번 저장하면 됩니다.',
    },
  },
  'tokenizer.unreadable': {
    message: {
      en: 'The tokenizer in {folder} cannot be read: {detail}',
      ko: '{folder}의 토크나이저를 읽을 수 없습니다: {detail}',
    },
    hint: {
      en: 'Fetch tokenizer.json and tokenizer_config.json again; they may be cut off or of another format.',
      ko: 'tokenizer.json과 tokenizer_config.json을 다시 받으세요. 잘렸거나 다른 형식일 수 있습니다.',
    },
  },
  'tokenizer.badChatTemplate': {
    message: {
      en: 'The chat template of this model cannot be used: {detail}',
      ko: '이 모델의 채팅 템플릿을 쓸 수 없습니다: {detail}',
    },
    hint: {
      en: 'Choose the prompt format "instruction" or "plain" instead.',
      ko: '프롬프트 형식을 "instruction"이나 "plain"으로 바꾸세요.',
    },
  },
  'tokenizer.noChatTemplate': {
    message: {
      en: 'The prompt format is "chat", but this model has no chat template.',
      ko: '프롬프트 형식이 "chat"인데 이 모델에는 채팅 템플릿이 없습니다.',
    },
    hint: {
      en: 'Choose the prompt format "automatic" or "instruction".',
      ko: '프롬프트 형식을 "automatic"이나 "instruction"으로 바꾸세요.',
    },
  },
} as const satisfies ErrorTexts;

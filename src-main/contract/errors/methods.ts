import type { ErrorTexts } from './errorText.ts';

/** Errors in choosing or attaching a fine-tuning method, objective or generation. */
export const methodsErrors = {
  'generation.notDecoder': {
    message: {
      en: '"{modelType}" models read text but do not write it.',
      ko: '{modelType} 모델은 글을 읽기만 하고 쓰지 못합니다.',
    },
    hint: {
      en: 'Choose a causal language model such as GPT-2 or Llama.',
      ko: 'GPT-2나 Llama 같은 언어 모델을 고르세요.',
    },
  },
  'generation.promptTooLong': {
    message: {
      en: 'The prompt has {tokens} tokens, but the model can hold {maximum}.',
      ko: '프롬프트가 {tokens}토큰인데 모델은 {maximum}토큰까지 담을 수 있습니다.',
    },
    hint: { en: 'Shorten the prompt.', ko: '프롬프트를 줄이세요.' },
  },
  'generation.emptyPrompt': {
    message: {
      en: 'There is nothing to go on from: the prompt is empty.',
      ko: '프롬프트가 비어 있어 이어 쓸 것이 없습니다.',
    },
    hint: { en: 'Type a prompt.', ko: '프롬프트를 입력하세요.' },
  },
  'method.cannotMerge': {
    message: {
      en: 'What {method} trained cannot be folded into the model’s own weights.',
      ko: '{method}(으)로 학습한 것은 모델 자체의 가중치에 합칠 수 없습니다.',
    },
    hint: { en: 'Export the adapter instead.', ko: '대신 어댑터로 내보내세요.' },
  },
} as const satisfies ErrorTexts;

/** The longest example in tokens; what is beyond it is cut off. */
export function maximumLengthOption<const Default extends number>(defaultLength: Default) {
  return {
    type: 'integer',
    default: defaultLength,
    minimum: 4,
    maximum: 131_072,
    label: { en: 'Maximum length', ko: '최대 길이' },
    help: {
      en: 'Longest text in tokens; the rest of a longer one is cut off. Memory and time grow with it. Left at its default, it never goes beyond what the model can take.',
      ko: '글 하나의 최대 토큰 수입니다. 더 긴 글은 뒤를 자릅니다. 길수록 메모리와 시간이 더 듭니다. 기본값으로 두면 모델이 받을 수 있는 길이를 넘지 않습니다.',
    },
  } as const;
}

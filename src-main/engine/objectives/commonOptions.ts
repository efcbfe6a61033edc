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

/** How prompts and answers become one text. */
export const promptFormatOption = {
  type: 'choice',
  default: 'automatic',
  choices: [
    { value: 'automatic', label: { en: 'Automatic', ko: '자동' } },
    { value: 'chat', label: { en: 'The model’s chat template', ko: '모델의 채팅 템플릿' } },
    { value: 'instruction', label: { en: 'Instruction with headings', ko: '제목이 있는 지시문' } },
    { value: 'plain', label: { en: 'Plain lines', ko: '줄만 나누기' } },
  ],
  label: { en: 'Prompt format', ko: '프롬프트 형식' },
  help: {
    en: 'How a question and its answer become one text. Automatic takes the model’s chat template if it has one, headings otherwise. Trying the model later uses the same format.',
    ko: '질문과 답을 하나의 글로 잇는 방식입니다. 자동은 모델에 채팅 템플릿이 있으면 그것을, 없으면 제목 형식을 씁니다. 나중에 모델을 써 볼 때도 같은 형식을 씁니다.',
  },
  advanced: true,
} as const;

/** Whether rare classes count more. */
export const classWeightsOption = {
  type: 'choice',
  default: 'none',
  choices: [
    { value: 'none', label: { en: 'Every row counts the same', ko: '모든 행을 같게' } },
    { value: 'balanced', label: { en: 'Rare labels count more', ko: '드문 라벨을 더 크게' } },
  ],
  label: { en: 'Class weights', ko: '클래스 가중치' },
  help: {
    en: 'Balanced weighs each row by rows ÷ (labels · rows of its label), so that a rare label counts as much as a common one. It finds more of the rare ones, at the price of more false alarms.',
    ko: '균형을 고르면 각 행의 가중치가 전체 행 수 ÷ (라벨 수 × 그 라벨의 행 수)가 되어, 드문 라벨도 흔한 라벨만큼 중요해집니다. 드문 라벨을 더 찾지만 잘못 고르는 일도 늘어납니다.',
  },
  advanced: true,
} as const;

/**
 * The weight of each class that occurs, where classes are weighed: rows / (classes · rows of the class), as scikit-learn's
 * "balanced" has it.
 * @param classes the class of every row to learn from
 */
export function weighClasses(choice: 'none' | 'balanced', classes: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  if (choice === 'none') return counts;
  for (const each of classes) counts.set(each, (counts.get(each) ?? 0) + 1);
  return new Map([...counts].map(([each, count]) => [each, classes.length / (counts.size * count)]));
}

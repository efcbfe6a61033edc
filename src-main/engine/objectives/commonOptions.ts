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

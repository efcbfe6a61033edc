import type { Messages } from '../message.ts';

export const studyMessages = {
  'studies.measureD90': { en: 'Measure d90', ko: 'd90 측정' },
  'studies.d90Help': {
    en: 'Trains in full once and then with several dimensions, with the data, model and epochs chosen here, and finds the smallest dimension that reaches 90 % of full fine-tuning.',
    ko: '여기서 고른 데이터, 모델, 에폭으로 전체 미세조정을 한 번 하고 여러 차원으로 학습해, 전체 미세조정의 90 %에 이르는 가장 작은 차원을 찾습니다.',
  },
  'studies.d90Title': { en: 'Intrinsic dimension', ko: '내재 차원' },
  'studies.d90Found': {
    en: 'd90 = {d}: {d} trained numbers reach 90 % of full fine-tuning.',
    ko: 'd90 = {d}: 숫자 {d}개만 학습해도 전체 미세조정의 90 %에 이릅니다.',
  },
  'studies.d90NotYet': {
    en: 'The runs are not all through yet.',
    ko: '아직 모든 실행이 끝나지 않았습니다.',
  },
  'studies.d90NotFound': {
    en: 'None of these dimensions reached 90 % of full fine-tuning: try larger ones, or train longer.',
    ko: '전체 미세조정의 90 %에 이른 차원이 없습니다. 더 큰 차원이나 더 긴 학습을 시도하세요.',
  },
  'studies.dimension': { en: 'Dimension', ko: '차원' },
  'studies.quality': { en: 'Quality', ko: '품질' },
  'studies.share': { en: 'Of full fine-tuning', ko: '전체 미세조정 대비' },
  'studies.full': { en: 'Full fine-tuning', ko: '전체 미세조정' },
} as const satisfies Messages;

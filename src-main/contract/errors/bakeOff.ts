import type { ErrorTexts } from './errorText.ts';

/** What comes of a comparison of methods, and what may be wrong with one. */
export const bakeOffSentences = {
  'bakeOff.notFound': {
    message: {
      en: 'There is no group of runs called "{group}".',
      ko: '"{group}"(이)라는 실행 묶음이 없습니다.',
    },
    hint: { en: '`runs list` shows the groups there are.', ko: '`runs list`로 있는 묶음을 볼 수 있습니다.' },
  },
  'bakeOff.nobodyApplies': {
    message: {
      en: 'None of the chosen methods can be trained with this model, data and task: {methods}.',
      ko: '고른 방법 중 이 모델, 데이터, 과제로 학습할 수 있는 것이 없습니다: {methods}.',
    },
    hint: { en: 'The reasons follow.', ko: '이유는 아래와 같습니다.' },
  },
  'bakeOff.unknownShape': {
    message: {
      en: 'No published model called "{name}" is known here.',
      ko: '"{name}"(이)라는 공개 모델은 알지 못합니다.',
    },
    hint: { en: 'Known ones: {known}.', ko: '아는 모델: {known}.' },
  },
  'bakeOff.waiting': {
    message: {
      en: 'No run is through yet: {finished} of {runs}.',
      ko: '아직 끝난 실행이 없습니다({runs}개 중 {finished}개).',
    },
    hint: {
      en: 'The first result comes with the first finished run.',
      ko: '첫 실행이 끝나면 결과가 나옵니다.',
    },
  },
  'bakeOff.oneMethod': {
    message: {
      en: '{leader} reaches {mean} ({metric}); there is no other method to compare it with yet.',
      ko: '{leader}의 결과는 {mean}({metric})이고, 아직 비교할 다른 방법이 없습니다.',
    },
    hint: {
      en: 'Wait for the other runs, or choose more methods.',
      ko: '다른 실행을 기다리거나 방법을 더 고르세요.',
    },
  },
  'bakeOff.oneSeed': {
    message: {
      en: 'No clear winner: {leader} leads with {mean} ({metric}), {gap} ahead of {second}, but one seed cannot tell that from chance.',
      ko: '뚜렷한 승자가 없습니다. {leader}이(가) {mean}({metric})(으)로 {second}보다 {gap} 앞서지만, 시드 하나로는 우연과 구별할 수 없습니다.',
    },
    hint: {
      en: 'Compare with at least four seeds for each method.',
      ko: '방법마다 시드를 네 개 이상으로 비교해 보세요.',
    },
  },
  'bakeOff.noWinner': {
    message: {
      en: 'No clear winner: {leader} leads with {mean} ({metric}), but {others} came within what seeds alone change.',
      ko: '뚜렷한 승자가 없습니다. {leader}이(가) {mean}({metric})(으)로 앞서지만, {others}와(과)의 차이는 시드만 바꿔도 생기는 정도입니다.',
    },
    hint: {
      en: 'Of these, {cheapest} trains the fewest parameters ({parameters}). More seeds may tell them apart.',
      ko: '이 가운데 학습하는 파라미터가 가장 적은 것은 {cheapest}({parameters}개)입니다. 시드를 늘리면 가려질 수 있습니다.',
    },
  },
  'bakeOff.winner': {
    message: {
      en: '{leader} wins: {mean} on average ({metric}, {seeds} seeds), {gap} ahead of {second}. Chance alone would set them this far apart in {percent} of cases.',
      ko: '{leader}이(가) 이겼습니다. 평균 {mean}({metric}, 시드 {seeds}개)(으)로 {second}보다 {gap} 앞섭니다. 우연만으로 이만큼 벌어질 경우는 {percent}입니다.',
    },
    hint: {
      en: 'Go on with {leader}: a longer run, or a search of its settings.',
      ko: '{leader}(으)로 더 오래 학습하거나 설정을 찾아보세요.',
    },
  },
  'bakeOff.winnerBySpread': {
    message: {
      en: '{leader} wins: {mean} on average ({metric}, {seeds} seeds), {gap} ahead of {second}. Each of its seeds is better than every seed of the others, by more than twice the spread.',
      ko: '{leader}이(가) 이겼습니다. 평균 {mean}({metric}, 시드 {seeds}개)(으)로 {second}보다 {gap} 앞섭니다. 모든 시드가 다른 방법의 모든 시드보다 낫고, 차이가 편차의 두 배를 넘습니다.',
    },
    hint: {
      en: 'With four seeds for each method, a test could say how likely chance is.',
      ko: '방법마다 시드가 네 개면 우연일 확률도 계산할 수 있습니다.',
    },
  },
} as const satisfies ErrorTexts;

import type { Messages } from '../message.ts';

export const compareMessages = {
  'compare.title': { en: '{count} runs compared', ko: '실행 {count}개 비교' },
  'compare.lead': {
    en: 'What was different, what came of it, and whether it may be chance.',
    ko: '무엇이 달랐고, 결과가 어떻게 달라졌고, 우연일 수 있는지 봅니다.',
  },
  'compare.runs': { en: 'Runs', ko: '실행' },
  'compare.runsLead': {
    en: 'Differences below are counted from the baseline.',
    ko: '아래 차이는 기준 실행에서 잰 것입니다.',
  },
  'compare.baseline': { en: 'Baseline', ko: '기준' },
  'compare.makeBaseline': { en: 'Make it the baseline', ko: '기준으로 삼기' },
  'compare.metrics': { en: 'Results and costs', ko: '결과와 비용' },
  'compare.metricsLead': {
    en: 'The best of each line is bold; small print is the difference from the baseline.',
    ko: '줄마다 가장 좋은 값은 굵게, 기준과의 차이는 작게 적었습니다.',
  },
  'compare.points': { en: '{value} points', ko: '{value}%포인트' },
  'compare.memory': { en: 'Peak memory', ko: '최대 메모리' },
  'compare.trainable': { en: 'Trained parameters', ko: '학습한 파라미터' },
  'compare.speed': { en: 'Rows per second', ko: '초당 행 수' },
  'compare.settings': { en: 'Settings', ko: '설정' },
  'compare.settingsLead': {
    en: 'Everything that decided the results: settings, data and model by their hashes, versions.',
    ko: '결과를 정한 모든 것: 설정, 데이터와 모델의 해시, 버전.',
  },
  'compare.everything': { en: 'Show equal settings too', ko: '같은 설정도 보기' },
  'compare.sameSettings': {
    en: 'These runs had the same settings, data and model.',
    ko: '이 실행들은 설정과 데이터, 모델이 모두 같습니다.',
  },
  'compare.data': { en: 'Data', ko: '데이터' },
  'compare.dataLead': {
    en: 'Runs that learned from other rows than the baseline, whose dataset is “{name}”.',
    ko: '기준 실행의 데이터셋 “{name}”과 다른 행으로 학습한 실행입니다.',
  },
  'compare.showData': { en: 'Show rows that differ', ko: '다른 행 보기' },
  'compare.matricesLead': {
    en: 'What each run took each label for.',
    ko: '실행마다 각 라벨을 무엇으로 예측했는지 보여 줍니다.',
  },
  'compare.labels': { en: 'Labels', ko: '라벨별 결과' },
  'compare.labelsLead': {
    en: 'Share of each label’s rows that were recognised; where the runs differ most comes first.',
    ko: '라벨마다 맞힌 비율입니다. 실행 사이 차이가 큰 라벨부터 나옵니다.',
  },
  'compare.seeds': { en: 'Over seeds', ko: '시드별 편차' },
  'compare.seedsLead': {
    en: '{metric}: runs that differ in nothing but their seed, mean ± standard deviation.',
    ko: '{metric}: 시드만 다른 실행끼리 묶은 평균 ± 표준편차입니다.',
  },
  'compare.seedCount': { en: '{count} seeds', ko: '시드 {count}개' },
  'compare.isBaseline': { en: 'The baseline’s group.', ko: '기준 실행이 속한 묶음입니다.' },
  'compare.moreSeeds': {
    en: 'Too few seeds to tell it from chance: run both settings with four or more.',
    ko: '시드가 적어 우연인지 알 수 없습니다. 두 설정 모두 시드를 넷 이상으로 돌려 보세요.',
  },
  'compare.unlikelyChance': {
    en: 'Chance alone would set them this far apart in {percent} of cases: the difference is probably real.',
    ko: '우연만으로 이만큼 벌어질 확률은 {percent}입니다. 실제 차이일 가능성이 큽니다.',
  },
  'compare.mayBeChance': {
    en: 'Chance alone would set them this far apart in {percent} of cases: it may be nothing.',
    ko: '우연만으로도 {percent}의 확률로 이만큼 벌어집니다. 차이가 없을 수도 있습니다.',
  },
  'compare.costQuality': { en: 'Cost against quality', ko: '비용 대비 품질' },
  'compare.costQualityLead': {
    en: 'Up and to the left is better: more for less. The cost is drawn on a logarithmic scale.',
    ko: '왼쪽 위로 갈수록 적은 비용으로 더 좋은 결과입니다. 비용 축은 로그 눈금입니다.',
  },
  'compare.predictions': { en: 'Rows they disagree on', ko: '서로 다르게 예측한 행' },
  'compare.predictionsLead': {
    en: 'Asks the baseline and another run for up to {count} test rows, and shows which of them is right where.',
    ko: '기준 실행과 다른 실행에 시험 데이터를 {count}행까지 물어, 어느 쪽이 어디서 맞는지 보여 줍니다.',
  },
  'compare.predict': { en: 'Compare predictions', ko: '예측 비교' },
  'compare.alike': { en: 'The same answer on {count} rows.', ko: '{count}행에는 같은 답을 했습니다.' },
  'compare.onlyRight': { en: 'Only “{name}” is right', ko: '“{name}”만 맞힘' },
  'compare.bothWrong': { en: 'Both wrong, each differently', ko: '둘 다 서로 다르게 틀림' },
} as const satisfies Messages;

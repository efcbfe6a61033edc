import type { Messages } from '../message.ts';

export const homeMessages = {
  'home.welcome': { en: 'Fine-tune a model on this computer', ko: '이 컴퓨터에서 모델을 미세조정하세요' },
  'home.welcomeText': {
    en: 'Your data stays here. Start with a sample project that trains in about a minute, or bring your own data and model.',
    ko: '데이터는 이 컴퓨터를 벗어나지 않습니다. 1분 정도면 끝나는 샘플 프로젝트로 시작하거나, 직접 준비한 데이터와 모델을 가져오세요.',
  },
  'home.samples': { en: 'Sample projects', ko: '샘플 프로젝트' },
  'home.sampleClassification': { en: 'Sort short texts', ko: '짧은 글 분류하기' },
  'home.sampleClassificationText': {
    en: 'A small encoder learns to put short Korean and English texts into {labels} classes.',
    ko: '작은 인코더 모델이 짧은 한국어·영어 글을 {labels}가지로 분류하는 법을 배웁니다.',
  },
  'home.sampleGeneration': { en: 'Answer kitchen questions', ko: '주방 질문에 답하기' },
  'home.sampleGenerationText': {
    en: 'A small Llama-style decoder learns to answer questions about cooking.',
    ko: '작은 Llama 방식의 디코더 모델이 요리 질문에 답하는 법을 배웁니다.',
  },
  'home.train': { en: 'Train', ko: '학습 시작' },
  'home.adjust': { en: 'Adjust first', ko: '설정 바꾸기' },
  'home.sampleMissing': {
    en: 'The sample data or model is not here. Running set-up again (npm run setup) brings it back.',
    ko: '샘플 데이터 또는 모델이 없습니다. 설치를 다시 실행하면(npm run setup) 복구됩니다.',
  },
  'home.own': { en: 'Your own project', ko: '내 프로젝트' },
  'home.ownData': { en: 'Import data', ko: '데이터 가져오기' },
  'home.ownDataText': { en: 'CSV, Excel, JSON, Parquet and more', ko: 'CSV, 엑셀, JSON, Parquet 등' },
  'home.ownModel': { en: 'Add a model', ko: '모델 추가' },
  'home.ownModelText': { en: 'A folder or the Hugging Face Hub', ko: '폴더 또는 Hugging Face Hub' },
  'home.ownSetup': { en: 'Set up a run', ko: '학습 설정하기' },
  'home.ownSetupText': { en: 'Method, settings, forecast', ko: '방법, 설정, 예상 비용' },
  'home.recent': { en: 'Recent runs', ko: '최근 실행' },
  'home.recentEmpty': {
    en: 'Runs appear here with their result. They stay after you close the window.',
    ko: '학습을 실행하면 결과와 함께 여기에 나타납니다. 창을 닫아도 그대로 남습니다.',
  },
  'home.allRuns': { en: 'All runs', ko: '모두 보기' },
  'home.deviceGpu': { en: 'Computing on {name}', ko: '{name}에서 계산합니다' },
  'home.deviceCpu': {
    en: {
      one: 'Computing on the processor ({count} core)',
      other: 'Computing on the processor ({count} cores)',
    },
    ko: 'CPU({count}코어)로 계산합니다',
  },
  'home.deviceMemory': { en: '{memory} of memory', ko: '메모리 {memory}' },
  'home.deviceWhy': { en: 'Why', ko: '이유 보기' },
  'home.noGpu': { en: 'No NVIDIA graphics card was found.', ko: 'NVIDIA 그래픽 카드를 찾지 못했습니다.' },
  'home.backendTensorflow': { en: 'TensorFlow {version}', ko: 'TensorFlow {version}' },
  'home.backendPortable': {
    en: 'the portable engine {version} (slower)',
    ko: '이식형 엔진 {version} (느림)',
  },
} as const satisfies Messages;

import type { Messages } from '../message.ts';

export const shellMessages = {
  'shell.skip': { en: 'Skip to content', ko: '본문으로 건너뛰기' },
  'shell.home': { en: 'Home', ko: '홈' },
  'shell.runs': { en: 'All runs', ko: '모든 실행' },
  'shell.settings': { en: 'Settings', ko: '설정' },
  'shell.navigation': { en: 'Main', ko: '주 메뉴' },
  'shell.steps': { en: 'Project steps', ko: '프로젝트 단계' },
  'shell.prepare': { en: 'Prepare', ko: '준비' },
  'shell.configure': { en: 'Set up', ko: '설정' },
  'shell.learn': { en: 'Train and judge', ko: '학습과 평가' },
  'shell.language': { en: 'Language', ko: '언어' },
  'shell.theme': { en: 'Theme', ko: '테마' },
  'shell.system': { en: 'System', ko: '시스템 설정' },
  'shell.light': { en: 'Light', ko: '밝게' },
  'shell.dark': { en: 'Dark', ko: '어둡게' },
  'shell.lost': {
    en: 'The connection to Tunebench was lost. Reconnecting… Training goes on by itself.',
    ko: 'Tunebench와 연결이 끊겨 다시 연결하고 있습니다. 학습은 그동안에도 계속됩니다.',
  },
  'shell.lostLong': {
    en: 'If Tunebench was started anew, open the address it printed.',
    ko: 'Tunebench를 다시 시작했다면 새로 표시된 주소를 열어 주세요.',
  },
  'shell.connecting': { en: 'Connecting to Tunebench…', ko: 'Tunebench에 연결하는 중…' },
  'shell.refusedTitle': {
    en: 'Tunebench does not answer here',
    ko: '이 주소에서는 Tunebench에 연결할 수 없습니다',
  },
  'shell.refusedText': {
    en: 'Each start of Tunebench makes a new private address. Open the newest one: it stands in the terminal where Tunebench was started and ends in #token=….',
    ko: 'Tunebench는 시작할 때마다 새로운 비밀 주소를 만듭니다. Tunebench를 시작한 터미널에 표시된 가장 최근 주소(#token=…로 끝남)를 열어 주세요.',
  },
  'shell.unknownTitle': { en: 'There is no page here', ko: '없는 페이지입니다' },
  'shell.unknownText': { en: '“{path}” leads nowhere.', ko: '“{path}” 주소에 해당하는 페이지가 없습니다.' },
  'shell.nextStep': { en: 'Next: {step}', ko: '다음: {step}' },
  'shell.goHome': { en: 'Go to Home', ko: '홈으로 가기' },

  'step.data': { en: 'Data', ko: '데이터' },
  'step.model': { en: 'Model', ko: '모델' },
  'step.strategy': { en: 'Strategy', ko: '학습 방법' },
  'step.hyperparameters': { en: 'Hyperparameters', ko: '하이퍼파라미터' },
  'step.initialise': { en: 'Initialise', ko: '초기화' },
  'step.train': { en: 'Train', ko: '학습' },
  'step.validate': { en: 'Validate', ko: '검증' },
  'step.test': { en: 'Test', ko: '시험' },
  'step.use': { en: 'Use', ko: '사용' },
  'step.stateDone': { en: 'done', ko: '완료' },
  'step.stateOpen': { en: 'ready', ko: '진행 가능' },
  'step.stateWaiting': { en: 'needs an earlier step', ko: '앞 단계가 필요함' },

  'noRun.title': { en: 'Nothing has been trained yet', ko: '아직 학습한 것이 없습니다' },
  'noRun.train': {
    en: 'This is where you watch a model learn: its loss, its accuracy, the time left. Start a run to see it.',
    ko: '모델이 배우는 과정을 지켜보는 곳입니다. 손실과 정확도, 남은 시간이 실시간으로 나타납니다. 먼저 학습을 시작해 보세요.',
  },
  'noRun.validate': {
    en: 'This is where you see how well the model does on rows it was not trained on, while it learns. Start a run first.',
    ko: '학습에 쓰지 않은 데이터로 모델이 얼마나 잘하는지 학습 중에 확인하는 곳입니다. 먼저 학습을 시작해 보세요.',
  },
  'noRun.test': {
    en: 'This is where the finished model is measured once on rows set aside for it. Start a run first.',
    ko: '따로 떼어 둔 데이터로 완성된 모델을 최종 평가하는 곳입니다. 먼저 학습을 시작해 보세요.',
  },
  'noRun.use': {
    en: 'This is where you try the trained model and export it. Start a run first.',
    ko: '학습한 모델을 직접 써 보고 내보내는 곳입니다. 먼저 학습을 시작해 보세요.',
  },
  'noRun.sample': { en: 'Try the sample project', ko: '샘플 프로젝트 해 보기' },
  'noRun.setup': { en: 'Set up a run', ko: '학습 설정하기' },
} as const satisfies Messages;

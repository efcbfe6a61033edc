import type { LocalizedText } from '../../contract/text.ts';

/** What the shell itself says; everything else is said by the interface. */
export const shellTexts = {
  file: { en: 'File', ko: '파일' },
  edit: { en: 'Edit', ko: '편집' },
  view: { en: 'View', ko: '보기' },
  window: { en: 'Window', ko: '창' },
  quit: { en: 'Quit', ko: '끝내기' },
  newWindow: { en: 'New window', ko: '새 창' },
  undo: { en: 'Undo', ko: '실행 취소' },
  redo: { en: 'Redo', ko: '다시 실행' },
  cut: { en: 'Cut', ko: '잘라내기' },
  copy: { en: 'Copy', ko: '복사' },
  paste: { en: 'Paste', ko: '붙여넣기' },
  selectAll: { en: 'Select all', ko: '모두 선택' },
  reload: { en: 'Reload', ko: '새로 고침' },
  zoomIn: { en: 'Zoom in', ko: '확대' },
  zoomOut: { en: 'Zoom out', ko: '축소' },
  resetZoom: { en: 'Actual size', ko: '실제 크기' },
  fullScreen: { en: 'Full screen', ko: '전체 화면' },
  minimize: { en: 'Minimize', ko: '최소화' },
  close: { en: 'Close', ko: '닫기' },
  hostFailed: { en: 'Tunebench could not start', ko: 'Tunebench를 시작할 수 없습니다' },
  hostEnded: {
    en: 'The part of Tunebench that does the work has ended unexpectedly. Start Tunebench again; a training that was in progress can be resumed.',
    ko: '작업을 맡은 Tunebench 프로세스가 예기치 않게 끝났습니다. Tunebench를 다시 시작하세요. 진행 중이던 학습은 이어 할 수 있습니다.',
  },
  noNode: {
    en: 'Node 24 was not found at {path}. Run npm run setup in the folder of Tunebench.',
    ko: '{path}에서 Node 24를 찾지 못했습니다. Tunebench 폴더에서 npm run setup을 실행하세요.',
  },
  training: { en: 'A training is in progress.', ko: '학습이 진행 중입니다.' },
  trainingDetail: {
    en: 'It can go on without a window; open Tunebench again to see it. Or stop it now and resume it later.',
    ko: '창 없이도 계속할 수 있고, Tunebench를 다시 열면 볼 수 있습니다. 지금 멈추고 나중에 이어 할 수도 있습니다.',
  },
  goOn: { en: 'Go on in the background', ko: '백그라운드에서 계속' },
  stopAndQuit: { en: 'Stop and quit', ko: '멈추고 끝내기' },
  cancel: { en: 'Cancel', ko: '취소' },
} as const satisfies Record<string, LocalizedText>;

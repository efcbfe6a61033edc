import type { Messages } from '../message.ts';

export const commonMessages = {
  'common.cancel': { en: 'Cancel', ko: '취소' },
  'common.close': { en: 'Close', ko: '닫기' },
  'common.copy': { en: 'Copy', ko: '복사' },
  'common.copied': { en: 'Copied', ko: '복사했습니다' },
  'common.retry': { en: 'Try again', ko: '다시 시도' },
  'common.remove': { en: 'Remove', ko: '삭제' },
  'common.loading': { en: 'Loading…', ko: '불러오는 중…' },
  'common.previous': { en: 'Previous', ko: '이전' },
  'common.next': { en: 'Next', ko: '다음' },
  'common.rowRange': { en: '{from}–{to} of {total}', ko: '전체 {total}개 중 {from}–{to}' },
  'common.name': { en: 'Name', ko: '이름' },
  'common.rows': { en: { one: '{count} row', other: '{count} rows' }, ko: '{count}행' },
  'common.actions': { en: 'Actions', ko: '작업' },
  'common.optional': { en: 'optional', ko: '선택 사항' },
  'common.showTable': { en: 'Show as table', ko: '표로 보기' },
  'common.showChart': { en: 'Show as chart', ko: '차트로 보기' },
  'common.openInNewTab': { en: 'opens in a new tab', ko: '새 탭에서 열림' },
  'common.on': { en: 'On', ko: '켬' },
  'common.off': { en: 'Off', ko: '끔' },

  'problem.titleOne': { en: 'Something needs your attention', ko: '확인해 주세요' },
  'problem.title': {
    en: '{count} things need your attention',
    ko: '{count}가지를 확인해 주세요',
  },
  'problem.where': { en: 'Where: {path}', ko: '위치: {path}' },
  'problem.copy': { en: 'Copy the message', ko: '메시지 복사' },

  'split.train': { en: 'Training', ko: '학습' },
  'split.validation': { en: 'Validation', ko: '검증' },
  'split.test': { en: 'Test', ko: '시험' },

  'task.classification': { en: 'Classification', ko: '분류' },
  'task.causalLm': { en: 'Text generation', ko: '텍스트 생성' },

  'role.text': { en: 'Text', ko: '텍스트' },
  'role.textPair': { en: 'Second text', ko: '두 번째 텍스트' },
  'role.label': { en: 'Label', ko: '라벨' },
  'role.prompt': { en: 'Prompt', ko: '질문(프롬프트)' },
  'role.completion': { en: 'Answer', ko: '답변' },
} as const satisfies Messages;

import type { Messages } from '../message.ts';

export const exportMessages = {
  'export.open': { en: 'Export', ko: '내보내기' },
  'export.title': { en: 'Export “{name}”', ko: '“{name}” 내보내기' },
  'export.rows': { en: 'Rows of', ko: '내보낼 행' },
  'export.ofDataset': { en: 'The dataset as it is', ko: '데이터셋 그대로' },
  'export.ofLabelling': { en: 'Labelling: {name}', ko: '라벨 작업: {name}' },
  'export.ofLabellingHelp': {
    en: 'with the answers given so far',
    ko: '지금까지 붙인 답과 함께',
  },
  'export.kept': { en: 'Kept filter', ko: '보관한 필터' },
  'export.noFilter': { en: 'None', ko: '없음' },
  'export.text': { en: 'Text that must be in it', ko: '들어 있어야 할 글' },
  'export.finding': { en: 'Named by a check', ko: '검사에서 나온 행' },
  'export.anyRow': { en: 'Any row', ko: '모든 행' },
  'export.status': { en: 'State', ko: '상태' },
  'export.format': { en: 'Format', ko: '형식' },
  'export.folder': { en: 'Folder', ko: '폴더' },
  'export.file': { en: 'Name', ko: '이름' },
  'export.guard': {
    en: 'For spreadsheets: cells that look like formulas are not computed',
    ko: '엑셀용: 수식처럼 보이는 칸을 계산하지 않게 하기',
  },
  'export.marks': {
    en: 'Columns for number, state, suggestion, flag and note',
    ko: '번호·상태·제안·표시·메모도 열로 쓰기',
  },
  'export.replace': { en: 'Replace a file of this name', ko: '같은 이름의 파일이 있으면 바꾸기' },
  'export.write': { en: 'Write the file', ko: '파일 쓰기' },
  'export.done': {
    en: { one: '{count} row written to {path}', other: '{count} rows written to {path}' },
    ko: '{count}행을 {path}에 썼습니다',
  },
  'export.searchRows': { en: 'Search the rows', ko: '행에서 찾기' },
} as const satisfies Messages;

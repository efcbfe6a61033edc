import type { Messages } from '../message.ts';

/** The table of all runs, the notes on one, and where it comes from. */
export const runTableMessages = {
  'run.notesHelp': {
    en: 'Headings, lists, tables, **strong**, `code` and links as in Markdown.',
    ko: '제목, 목록, 표, **강조**, `코드`, 링크를 Markdown으로 쓸 수 있습니다.',
  },
  'run.notesMode': { en: 'Write or read the notes', ko: '메모 쓰기와 읽기' },
  'run.notesWrite': { en: 'Write', ko: '쓰기' },
  'run.notesRead': { en: 'Read', ko: '읽기' },
  'run.notesEmpty': { en: 'Nothing was noted yet.', ko: '아직 적은 것이 없습니다.' },
  'lineage.title': { en: 'Where it comes from', ko: '실행의 갈래' },
  'lineage.lead': {
    en: 'Runs made from one another, and what was changed each time.',
    ko: '서로에게서 나온 실행과 그때마다 바뀐 것입니다.',
  },
  'lineage.this': { en: 'this run', ko: '지금 보는 실행' },
  'lineage.repeated': { en: 'the same once more', ko: '그대로 다시' },
  'lineage.otherData': { en: 'other rows: {data}', ko: '다른 데이터: {data}' },
  'lineage.otherModel': { en: 'other model: {model}', ko: '다른 모델: {model}' },
  'lineage.otherMethod': { en: 'method: {before} → {after}', ko: '방법: {before} → {after}' },
  'lineage.more': { en: 'and {count} more changes', ko: '그 밖에 {count}가지' },
  'lineage.compare': { en: 'Compare', ko: '비교' },
} as const satisfies Messages;

import type { Messages } from '../message.ts';

/** What a run can go on from. */
export const checkpointMessages = {
  'checkpoints.title': { en: 'Checkpoints', ko: '체크포인트' },
  'checkpoints.lead': {
    en: 'Where this run can go on from. The newest, the best and those you asked for stay by themselves; how many of the newest is a setting of the run.',
    ko: '이 실행을 이어 갈 수 있는 지점입니다. 최근 것과 가장 좋은 것, 직접 저장한 것은 저절로 남습니다. 최근 것을 몇 개 남길지는 실행 설정으로 정합니다.',
  },
  'checkpoints.total': { en: 'In all: {count}, {size}', ko: '모두 {count}개, {size}' },
  'checkpoints.none': {
    en: 'None is there: the first is saved at the first evaluation, or when you ask for it.',
    ko: '아직 없습니다. 첫 평가 때나 직접 저장할 때 생깁니다.',
  },
  'checkpoints.kept': { en: 'Kept as', ko: '남기는 이유' },
  'checkpoints.kind.last': { en: 'last', ko: '마지막' },
  'checkpoints.kind.best': { en: 'best', ko: '최고' },
  'checkpoints.kind.asked': { en: 'asked for', ko: '직접 저장' },
  'checkpoints.size': { en: 'Size', ko: '크기' },
  'checkpoints.saved': { en: 'Saved', ko: '저장' },
  'checkpoints.actions': { en: 'Actions', ko: '작업' },
  'checkpoints.goOn': { en: 'Go on from step {step}', ko: '{step}단계부터 이어 하기' },
  'checkpoints.goOnTitle': { en: 'Go on from step {step}?', ko: '{step}단계부터 이어 할까요?' },
  'checkpoints.goOnText': {
    en: 'This run trains again from there. Its curves and changes after step {step} are dropped, later checkpoints go to the bin below the list, and the result is written anew at the end. A fork leaves this run as it is.',
    ko: '이 실행이 그 지점부터 다시 학습합니다. {step}단계 뒤의 곡선과 변경은 없어지고, 뒤의 체크포인트는 목록 아래 휴지통으로 가며, 끝나면 결과를 새로 씁니다. 갈라 하기는 이 실행을 그대로 둡니다.',
  },
  'checkpoints.goOnConfirm': { en: 'Go on', ko: '이어 하기' },
  'checkpoints.fork': { en: 'Fork from step {step}', ko: '{step}단계에서 갈라 하기' },
  'checkpoints.forkTitle': { en: 'A new run from step {step}', ko: '{step}단계에서 갈라진 새 실행' },
  'checkpoints.forkText': {
    en: 'It goes on from this checkpoint with the same data and settings; a rate or length given here holds from there on.',
    ko: '같은 데이터와 설정으로 이 체크포인트부터 이어 갑니다. 여기서 정한 학습률과 길이는 그 지점부터 적용됩니다.',
  },
  'checkpoints.forkStart': { en: 'Start', ko: '시작' },
  'checkpoints.remove': { en: 'Delete the checkpoint of step {step}', ko: '{step}단계 체크포인트 삭제' },
  'checkpoints.removed': { en: 'Moved to the bin: {steps}.', ko: '휴지통으로 옮겼습니다: {steps}.' },
  'checkpoints.undo': { en: 'Undo', ko: '되돌리기' },
  'checkpoints.keep': { en: 'Keep the newest', ko: '남길 최근 개수' },
  'checkpoints.prune': { en: 'Prune', ko: '정리' },
  'checkpoints.bin': {
    en: 'Bin: {count}, {size}. Each is deleted for good {days} days after it came here.',
    ko: '휴지통: {count}개, {size}. 각각 {days}일이 지나면 완전히 지웁니다.',
  },
  'checkpoints.binned': { en: 'Step {step}, {size}, until {date}', ko: '{step}단계, {size}, {date}까지' },
  'checkpoints.restore': { en: 'Put step {step} back', ko: '{step}단계 되살리기' },
  'checkpoints.empty': { en: 'Empty the bin', ko: '휴지통 비우기' },
  'checkpoints.emptyTitle': {
    en: 'Delete what is in the bin for good?',
    ko: '휴지통의 체크포인트를 완전히 지울까요?',
  },
  'checkpoints.emptyText': {
    en: 'This frees {size} and cannot be undone.',
    ko: '{size}가 비워지고, 되돌릴 수 없습니다.',
  },
} as const satisfies Messages;

import type { ErrorTexts } from './errorText.ts';

/** Errors with what a run keeps on disk to go on from, and with disks that are full. */
export const checkpointErrors = {
  'run.diskFull': {
    message: {
      en: 'The disk with {folder} is full, so the run stands still at step {step}: {needed} are needed, {free} are free.',
      ko: '{folder}이(가) 있는 디스크가 가득 차 실행이 {step}단계에서 멈춰 있습니다. 필요한 공간은 {needed}, 남은 공간은 {free}입니다.',
    },
    hint: {
      en: 'Free some space there; if there seems to be enough, a quota is used up. The run then goes on by itself, or at once with “Try again”, and loses nothing.',
      ko: '그 디스크의 공간을 비워 주세요. 공간이 남아 보이면 할당량을 다 쓴 것입니다. 공간이 생기면 저절로 이어지고, "다시 시도"를 누르면 바로 이어집니다. 잃는 것은 없습니다.',
    },
  },
  'run.logDiskFull': {
    message: {
      en: 'The disk with {folder} is full ({free} free), so the log of the run cannot be written and the run stands still.',
      ko: '{folder}이(가) 있는 디스크가 가득 차(남은 공간 {free}) 기록을 쓸 수 없어 실행이 멈춰 있습니다.',
    },
    hint: {
      en: 'Free some space there. The run then goes on by itself, or at once with “Try again”; nothing is lost as long as Tunebench stays open.',
      ko: '그 디스크의 공간을 비워 주세요. 공간이 생기면 저절로 이어지고, "다시 시도"를 누르면 바로 이어집니다. Tunebench를 닫지 않으면 잃는 것은 없습니다.',
    },
  },
  'run.endedWithoutRoom': {
    message: {
      en: 'The run was told to stop while the disk with {folder} was full ({needed} needed, {free} free), so step {step} is not saved.',
      ko: '{folder}이(가) 있는 디스크가 가득 찬 동안(필요 {needed}, 남음 {free}) 실행을 멈춰, {step}단계가 저장되지 않았습니다.',
    },
    hint: {
      en: 'Free some space there, then resume: the run goes on from the checkpoint before.',
      ko: '공간을 비운 뒤 이어 하세요. 이전 체크포인트부터 계속됩니다.',
    },
  },
  'run.bestMissing': {
    message: {
      en: 'The best checkpoint so far, of step {step}, is not there any more. The best one is looked for anew from here on.',
      ko: '지금까지 가장 좋았던 {step}단계의 체크포인트가 없습니다. 여기서부터 가장 좋은 것을 새로 찾습니다.',
    },
    hint: {
      en: 'Nothing needs to be done; if it lies in the bin of the checkpoints, put it back before the run goes on.',
      ko: '따로 할 일은 없습니다. 체크포인트 휴지통에 있다면 이어 하기 전에 되살려 주세요.',
    },
  },
  'run.noCheckpoint': {
    message: {
      en: 'The run "{name}" has no checkpoint {step}.',
      ko: '실행 "{name}"에 {step} 체크포인트가 없습니다.',
    },
    hint: { en: 'There are: {known}.', ko: '있는 체크포인트: {known}.' },
  },
  'run.checkpointInUse': {
    message: {
      en: 'The checkpoint of step {step} cannot be deleted while "{name}" trains: the run may need it.',
      ko: '"{name}"이(가) 학습 중이라 {step}단계의 체크포인트를 지울 수 없습니다. 실행에 필요할 수 있습니다.',
    },
    hint: {
      en: 'The last and the best one stay until the run is over.',
      ko: '마지막 것과 가장 좋은 것은 실행이 끝날 때까지 남습니다.',
    },
  },
  'run.checkpointExists': {
    message: {
      en: 'The run "{name}" has another checkpoint of step {step} already.',
      ko: '실행 "{name}"에는 {step}단계의 체크포인트가 이미 있습니다.',
    },
    hint: { en: 'Delete that one first, then put this one back.', ko: '그것을 먼저 지운 뒤 되살려 주세요.' },
  },
  'run.checkpointAhead': {
    message: {
      en: 'The checkpoint of step {step} cannot be put back now: "{name}" trains and has reached step {reached}.',
      ko: '"{name}"이(가) 학습 중이고 {reached}단계까지 왔기 때문에 {step}단계의 체크포인트를 지금 되살릴 수 없습니다.',
    },
    hint: {
      en: 'Stop the run or wait for its end first: after a break it would go on from there.',
      ko: '먼저 실행을 멈추거나 끝날 때까지 기다려 주세요. 끊기면 그 단계부터 이어 가게 됩니다.',
    },
  },
  'run.checkpointFailed': {
    message: {
      en: 'The checkpoint of step {step} could not be written to {folder}: {detail}',
      ko: '{step}단계의 체크포인트를 {folder}에 쓰지 못했습니다: {detail}',
    },
    hint: {
      en: 'Make room on that disk, then resume: the checkpoint before it is intact.',
      ko: '디스크 공간을 확보한 뒤 이어 하세요. 이전 체크포인트는 그대로 있습니다.',
    },
  },
  'run.checkpointMismatch': {
    message: {
      en: 'The checkpoint {folder} was made with another {what}, so this run cannot go on from it.',
      ko: '체크포인트 {folder}은(는) 다른 {what}(으)로 만들어져 이어서 실행할 수 없습니다.',
    },
    hint: {
      en: 'Put back what the run started with, or start a new run.',
      ko: '실행을 시작했을 때의 것으로 되돌리거나 새 실행을 시작하세요.',
    },
  },
} as const satisfies ErrorTexts;

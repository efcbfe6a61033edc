import type { ErrorTexts } from './errorText.ts';

/** Errors in what is done with runs that exist: steering, queueing, comparing, exchanging and keeping them. */
export const runLogErrors = {
  'run.noValidationRows': {
    message: {
      en: 'The run "{name}" cannot be evaluated: its data "{dataset}" has no validation rows.',
      ko: '데이터 "{dataset}"에 검증 행이 없어 실행 "{name}"을(를) 평가할 수 없습니다.',
    },
    hint: {
      en: 'Split the data with a share for validation and start a run on that version.',
      ko: '검증 비율을 정해 데이터를 나눈 뒤 그 버전으로 실행을 시작해 주세요.',
    },
  },
  'run.alreadyLonger': {
    message: {
      en: 'The length of the run "{name}" cannot be set to {epochs}: it has trained for {done} epochs already.',
      ko: '실행 "{name}"은(는) 이미 {done}에폭을 학습해서 길이를 {epochs}에폭으로 정할 수 없습니다.',
    },
    hint: {
      en: 'Give more epochs than that, counted from the start.',
      ko: '처음부터 세어 그보다 큰 에폭 수를 적어 주세요.',
    },
  },
  'run.inBin': {
    message: {
      en: 'The run "{name}" is in the bin, so this cannot be done: {action}.',
      ko: '실행 "{name}"이(가) 휴지통에 있어 할 수 없는 동작입니다: {action}.',
    },
    hint: { en: 'Put it back from the bin first.', ko: '먼저 휴지통에서 되살려 주세요.' },
  },
  'run.backupWhileTraining': {
    message: {
      en: 'The workbench cannot be backed up while the run "{name}" trains.',
      ko: '실행 "{name}"이(가) 학습 중일 때는 작업대를 백업할 수 없습니다.',
    },
    hint: {
      en: 'Stop it or wait for its end; it can go on afterwards.',
      ko: '중지하거나 끝날 때까지 기다려 주세요. 나중에 이어 할 수 있습니다.',
    },
  },
  'platform.fileChanged': {
    message: {
      en: '{path} changed while it was being read.',
      ko: '{path}을(를) 읽는 동안 내용이 바뀌었습니다.',
    },
    hint: { en: 'Try again once nothing writes to it.', ko: '아무것도 쓰지 않을 때 다시 해 주세요.' },
  },
  'platform.backupDamaged': {
    message: {
      en: 'The backup {path} is damaged: {detail}.',
      ko: '백업 {path}이(가) 손상됐습니다: {detail}.',
    },
    hint: {
      en: 'Nothing was restored. Use another copy of it.',
      ko: '아무것도 되돌리지 않았습니다. 다른 사본을 써 주세요.',
    },
  },
  'platform.folderNotEmpty': {
    message: { en: 'The folder {path} is not empty.', ko: '{path} 폴더가 비어 있지 않습니다.' },
    hint: {
      en: 'Choose a new folder, or move what is in it away first.',
      ko: '새 폴더를 고르거나 안의 내용을 먼저 옮겨 주세요.',
    },
  },
  'run.notACard': {
    message: { en: 'This is no run card: {detail}', ko: '실행 카드가 아닙니다: {detail}' },
    hint: {
      en: 'A run card is a JSON file that the page of a run or "runs card" has written.',
      ko: '실행 카드는 실행 페이지나 "runs card"가 저장한 JSON 파일입니다.',
    },
  },
  'run.cardWithoutData': {
    message: {
      en: 'The data of the card, "{name}" in version {hash}, is not in this workbench.',
      ko: '카드의 데이터 "{name}"(버전 {hash})이(가) 이 작업대에 없습니다.',
    },
    hint: {
      en: 'Import that version, or choose other data; the result will differ then.',
      ko: '그 버전을 가져오거나 다른 데이터를 고르세요. 다른 데이터로는 결과가 달라집니다.',
    },
  },
  'run.cardWithoutModel': {
    message: {
      en: 'The base model of the card, "{name}" with the hash {hash}, is not in this workbench.',
      ko: '카드의 기반 모델 "{name}"(해시 {hash})이(가) 이 작업대에 없습니다.',
    },
    hint: {
      en: 'Import or download that model, or choose another one; the result will differ then.',
      ko: '그 모델을 가져오거나 내려받거나 다른 모델을 고르세요. 다른 모델로는 결과가 달라집니다.',
    },
  },
  'run.exportExists': {
    message: { en: 'There is something at {path} already.', ko: '{path}에 이미 무언가 있습니다.' },
    hint: {
      en: 'Choose another name; nothing is overwritten.',
      ko: '다른 이름을 고르세요. 덮어쓰지 않습니다.',
    },
  },
  'run.noStepColumn': {
    message: {
      en: 'The table {path} has no column that says the step. Its columns: {columns}.',
      ko: '표 {path}에 단계를 나타내는 열이 없습니다. 있는 열: {columns}.',
    },
    hint: {
      en: 'Call that column "step", as trackio and Weights & Biases do.',
      ko: 'trackio나 Weights & Biases처럼 그 열의 이름을 "step"으로 바꿔 주세요.',
    },
  },
  'run.nothingToImport': {
    message: {
      en: 'Nothing at {path} is a curve that can be read.',
      ko: '{path}에 읽을 수 있는 곡선이 없습니다.',
    },
    hint: {
      en: 'Choose an event file of TensorBoard, a folder with some, or a CSV, JSONL or Parquet table with a column "step".',
      ko: 'TensorBoard 이벤트 파일, 그런 파일이 든 폴더, 또는 "step" 열이 있는 CSV, JSONL, Parquet 표를 고르세요.',
    },
  },
  'run.notWaiting': {
    message: {
      en: 'The run "{name}" does not wait in the queue: it is {status}.',
      ko: '실행 "{name}"은(는) 대기열에 없습니다. 상태: {status}.',
    },
    hint: {
      en: 'Only waiting runs have a place and a time.',
      ko: '대기 중인 실행만 순서와 시각을 바꿀 수 있습니다.',
    },
  },
  'run.goesOnWithLess': {
    message: {
      en: 'The system ended the run "{name}" at step {step} for want of memory. It goes on with at most {tokens} tokens at once and the same batches.',
      ko: '메모리가 부족해 시스템이 실행 "{name}"을(를) {step}단계에서 끝냈습니다. 배치는 그대로 두고 한 번에 {tokens}토큰까지만 계산하며 이어 갑니다.',
    },
    hint: {
      en: 'Nothing needs to be done. To avoid it, set “tokens at once” lower.',
      ko: '따로 할 일은 없습니다. 다음부터 피하려면 "한 번에 계산할 토큰 수"를 줄여 주세요.',
    },
  },
  'run.batchOutOfMemory': {
    message: {
      en: 'Memory ran out at step {step}: a batch of {rows} rows, which this task computes whole, does not fit.',
      ko: '{step}단계에서 메모리가 부족했습니다. 이 작업은 배치를 나누지 않는데, {rows}행짜리 배치가 들어가지 않습니다.',
    },
    hint: {
      en: 'Choose a smaller batch size or a shorter maximum length, or switch on recomputation.',
      ko: '배치 크기나 최대 길이를 줄이거나, 다시 계산하기를 켜 주세요.',
    },
  },
  'run.outOfMemory': {
    message: {
      en: 'Memory ran out at step {step}, although only one row of {tokens} tokens was computed at a time.',
      ko: '{tokens}토큰짜리 한 행씩만 계산했는데도 {step}단계에서 메모리가 부족했습니다.',
    },
    hint: {
      en: 'Shorten the rows with “maximum length”, switch on recomputation, or hold the frozen weights in 4 bits.',
      ko: '"최대 길이"로 행을 줄이거나, 다시 계산하기를 켜거나, 고정된 가중치를 4비트로 담아 주세요.',
    },
  },
} as const satisfies ErrorTexts;

import type { ErrorTexts } from './errorText.ts';

/** Errors in runs: configuration, training, checkpoints, workers. */
export const runsErrors = {
  'run.notFound': {
    message: { en: 'There is no run "{id}".', ko: '"{id}" 실행을 찾을 수 없습니다.' },
    hint: { en: 'The list of runs names all there are.', ko: '실행 목록에서 골라 주세요.' },
  },
  'run.filterTerm': {
    message: {
      en: '"{term}" in the filter cannot be understood.',
      ko: '필터의 "{term}"을(를) 이해할 수 없습니다.',
    },
    hint: {
      en: 'Write words, numbers such as accuracy>0.8 or learningRate<=1e-3, or one of: {known}. A minus before a term turns it round.',
      ko: '단어나 accuracy>0.8, learningRate<=1e-3 같은 수 비교, 또는 다음 이름을 쓰세요: {known}. 앞에 -를 붙이면 반대가 됩니다.',
    },
  },
  'run.noParent': {
    message: {
      en: 'The run "{name}" was not made from another run, so there is nothing to compare it with.',
      ko: '실행 "{name}"은(는) 다른 실행에서 나온 것이 아니어서 비교할 대상이 없습니다.',
    },
    hint: {
      en: 'Replay a run; the new one can then be compared with it.',
      ko: '실행을 재현하면 새 실행을 원래 실행과 비교할 수 있습니다.',
    },
  },
  'run.wrongStatus': {
    message: {
      en: 'The run "{name}" is {status}, so this cannot be done: {action}.',
      ko: '실행 "{name}"의 상태가 {status}이어서 할 수 없는 동작입니다: {action}.',
    },
    hint: { en: 'It can be done while a run is: {allowed}.', ko: '가능한 상태: {allowed}.' },
  },
  'run.unknownMethod': {
    message: { en: 'There is no method "{id}".', ko: '"{id}"라는 방법은 없습니다.' },
    hint: { en: 'Known methods: {known}.', ko: '쓸 수 있는 방법: {known}.' },
  },
  'run.methodNotForTask': {
    message: {
      en: 'The method {method} cannot be used for the task {task}.',
      ko: '{method} 방법은 {task} 과제에 쓸 수 없습니다.',
    },
    hint: { en: 'It can be used for: {tasks}.', ko: '쓸 수 있는 과제: {tasks}.' },
  },
  'run.methodNotForModel': {
    message: {
      en: 'The method {method} does not know models of the type {modelType}.',
      ko: '{method} 방법은 {modelType} 유형의 모델을 다루지 못합니다.',
    },
    hint: { en: 'It knows: {modelTypes}.', ko: '다룰 수 있는 유형: {modelTypes}.' },
  },
  'run.missingRole': {
    message: {
      en: 'The task {task} needs a column with the part "{role}", which the dataset "{dataset}" does not have.',
      ko: '{task} 과제에는 "{role}" 역할의 열이 필요한데 데이터셋 "{dataset}"에는 없습니다.',
    },
    hint: {
      en: 'Import the file again and say which column is "{role}", or choose another dataset.',
      ko: '파일을 다시 가져오면서 어느 열이 "{role}"인지 정하거나 다른 데이터셋을 고르세요.',
    },
  },
  'run.noTrainingRows': {
    message: {
      en: 'The dataset "{dataset}" has no rows in its train split.',
      ko: '데이터셋 "{dataset}"의 train 분할에 행이 없습니다.',
    },
    hint: {
      en: 'Import it again with rows for training.',
      ko: '학습용 행이 있도록 다시 가져오세요.',
    },
  },
  'run.noNumbers': {
    message: {
      en: 'The label column of "{dataset}" holds no numbers, but the task {task} learns numbers.',
      ko: '"{dataset}"의 라벨 열에 숫자가 없는데, {task} 과제는 숫자를 배웁니다.',
    },
    hint: {
      en: 'Choose a column with numbers, or another task such as classification.',
      ko: '숫자가 적힌 열을 고르거나 분류 같은 다른 과제를 고르세요.',
    },
  },
  'run.oneLabel': {
    message: {
      en: 'The train split of "{dataset}" has {count} different label(s), but the task {task} needs at least {fewest}.',
      ko: '"{dataset}"의 train 분할에는 라벨이 {count}종류 있는데, {task} 과제에는 {fewest}종류 이상이 필요합니다.',
    },
    hint: {
      en: 'Choose another label column, or add rows with other labels.',
      ko: '다른 라벨 열을 고르거나 다른 라벨의 행을 더하세요.',
    },
  },
  'run.modelChanged': {
    message: {
      en: 'The files of the model "{model}" in {folder} are not the ones this run started with.',
      ko: '{folder}에 있는 모델 "{model}"의 파일이 이 실행을 시작했을 때와 다릅니다.',
    },
    hint: {
      en: 'Put the original files back, or start a new run.',
      ko: '원래 파일로 되돌리거나 새 실행을 시작하세요.',
    },
  },
  'run.workerKilled': {
    message: {
      en: 'The training process of "{name}" was ended by the system (signal {signal}) at step {step}, most likely for want of memory.',
      ko: '"{name}"의 학습 프로세스가 {step}단계에서 시스템에 의해 종료되었습니다(신호 {signal}). 메모리가 모자랐을 가능성이 큽니다.',
    },
    hint: {
      en: 'Resume goes on from the last checkpoint; close other programs first, or use a smaller batch.',
      ko: '이어 하기를 누르면 마지막 체크포인트부터 계속됩니다. 먼저 다른 프로그램을 닫거나 배치를 줄이세요.',
    },
  },
  'run.workerCrashed': {
    message: {
      en: 'The training process of "{name}" ended by itself (exit code {code}) at step {step}: {detail}',
      ko: '"{name}"의 학습 프로세스가 {step}단계에서 스스로 끝났습니다(종료 코드 {code}): {detail}',
    },
    hint: {
      en: 'Resume goes on from the last checkpoint; if it happens again, copy this message into a bug report.',
      ko: '이어 하기를 누르면 마지막 체크포인트부터 계속됩니다. 다시 일어나면 이 메시지를 복사해 버그로 알려 주세요.',
    },
  },
  'run.workerSilent': {
    message: {
      en: 'The training process of "{name}" ended at step {step} ({how}) and left no message: something outside it may have ended it.',
      ko: '"{name}"의 학습 프로세스가 {step}단계에서 아무 말 없이 끝났습니다({how}). 밖에서 종료했을 수 있습니다.',
    },
    hint: {
      en: 'Resume goes on from the last checkpoint; if it happens again, look into the log of the system.',
      ko: '이어 하기를 누르면 마지막 체크포인트부터 계속됩니다. 다시 일어나면 시스템 로그를 살펴보세요.',
    },
  },
  'run.hostEnded': {
    message: {
      en: 'Tunebench itself ended while "{name}" was training, at step {step}.',
      ko: '"{name}"을(를) 학습하던 중 {step}단계에서 Tunebench가 종료되었습니다.',
    },
    hint: {
      en: 'Resume goes on from the last checkpoint.',
      ko: '이어 하기를 누르면 마지막 체크포인트부터 계속됩니다.',
    },
  },
  'run.noResult': {
    message: {
      en: 'The run "{name}" has no trained model yet: it is {status}.',
      ko: '실행 "{name}"에는 아직 학습된 모델이 없습니다. 상태: {status}.',
    },
    hint: {
      en: 'Wait until it has finished, or resume it.',
      ko: '끝날 때까지 기다리거나 이어서 실행하세요.',
    },
  },
  'run.stillRunning': {
    message: {
      en: 'The run "{name}" is {status}; it has to be stopped before it can be removed.',
      ko: '실행 "{name}"이 {status} 상태입니다. 지우려면 먼저 멈춰야 합니다.',
    },
    hint: { en: 'Stop it first.', ko: '먼저 멈추세요.' },
  },
  'run.wrongTaskForTry': {
    message: {
      en: '"{name}" was made for the task {task}, which cannot {action}.',
      ko: '"{name}"은(는) {task} 과제용이라 {action}에 쓸 수 없습니다.',
    },
    hint: {
      en: 'Models that write generate; all others predict.',
      ko: '글을 쓰는 모델은 생성에, 다른 모델은 예측에 씁니다.',
    },
  },
  'export.noAdapter': {
    message: {
      en: 'The run "{name}" used {method}, which changes the model itself: there is no adapter to export.',
      ko: '실행 "{name}"은(는) 모델 자체를 바꾸는 {method} 방법을 써서 내보낼 어댑터가 없습니다.',
    },
    hint: { en: 'Export it merged instead.', ko: '대신 합친 모델로 내보내세요.' },
  },
  'export.folderNotEmpty': {
    message: { en: 'The folder {folder} is not empty.', ko: '{folder} 폴더가 비어 있지 않습니다.' },
    hint: {
      en: 'Choose a new or empty folder; nothing was written.',
      ko: '새 폴더나 빈 폴더를 고르세요. 아무것도 쓰지 않았습니다.',
    },
  },
  'worker.ended': {
    message: {
      en: 'The process that runs the model ended unexpectedly ({how}): {detail}',
      ko: '모델을 실행하는 프로세스가 예기치 않게 끝났습니다({how}): {detail}',
    },
    hint: {
      en: 'Try again; if memory is short, close other programs or choose a smaller model.',
      ko: '다시 시도해 보세요. 메모리가 모자라면 다른 프로그램을 닫거나 더 작은 모델을 고르세요.',
    },
  },
  'run.dataFileBroken': {
    message: {
      en: 'Line {line} of the data file {path} is not a row of a training job.',
      ko: '데이터 파일 {path}의 {line}번째 줄이 학습용 행이 아닙니다.',
    },
    hint: {
      en: 'Start the run again; the file is written anew.',
      ko: '실행을 다시 시작하면 파일이 새로 만들어집니다.',
    },
  },
  'run.lossNotFinite': {
    message: {
      en: 'The loss became {loss} at step {step} (learning rate {learningRate}): the training has diverged.',
      ko: '{step}단계에서 손실이 {loss}이(가) 되었습니다(학습률 {learningRate}). 학습이 발산했습니다.',
    },
    hint: {
      en: 'Lower the learning rate to a third, or add warm-up; the checkpoint before this step is intact.',
      ko: '학습률을 3분의 1로 낮추거나 워밍업을 늘리세요. 이 단계 전의 체크포인트는 그대로 있습니다.',
    },
  },
  'run.noUsableRows': {
    message: {
      en: 'None of the {count} rows of the train split can be used for the task {task}: they are empty, or cut off before anything counts.',
      ko: 'train 분할의 {count}개 행 가운데 {task} 과제에 쓸 수 있는 것이 없습니다. 비어 있거나, 셀 부분이 나오기 전에 잘립니다.',
    },
    hint: {
      en: 'Check which columns were chosen, or raise the maximum length.',
      ko: '어느 열을 골랐는지 확인하거나 최대 길이를 늘리세요.',
    },
  },
  'run.rowsCut': {
    message: {
      en: '{count} of {total} rows are longer than {maximumLength} tokens and were cut there.',
      ko: '{total}개 행 가운데 {count}개가 {maximumLength}토큰보다 길어 그 뒤를 잘랐습니다.',
    },
    hint: {
      en: 'Raise the maximum length if the ends matter; it costs memory and time.',
      ko: '끝부분이 중요하면 최대 길이를 늘리세요. 메모리와 시간이 더 듭니다.',
    },
  },
  'run.rowsSkipped': {
    message: {
      en: '{count} of {total} rows were left out: they are empty, or nothing in them counts.',
      ko: '{total}개 행 가운데 {count}개를 뺐습니다. 비어 있거나 셀 부분이 없습니다.',
    },
    hint: {
      en: 'Complete these rows in the dataset if they matter.',
      ko: '중요한 행이라면 데이터셋에서 채워 주세요.',
    },
  },
  'run.resultNotVerified': {
    message: {
      en: 'The trained model was written to {folder} but does not read back the same: {detail}',
      ko: '학습한 모델을 {folder}에 썼지만 다시 읽은 내용이 다릅니다: {detail}',
    },
    hint: {
      en: 'The disk may be faulty: check it, then resume the run to write the result again.',
      ko: '디스크에 문제가 있을 수 있습니다. 확인한 뒤 실행을 이어 하면 결과를 다시 씁니다.',
    },
  },
  'run.lengthBeyondModel': {
    message: {
      en: 'The maximum length is {length} tokens, but the model can take {maximum}.',
      ko: '최대 길이가 {length}토큰인데 모델은 {maximum}토큰까지 받습니다.',
    },
    hint: { en: 'Set the maximum length to {maximum} or less.', ko: '최대 길이를 {maximum} 이하로 하세요.' },
  },
  'run.monitorNeedsValidation': {
    message: {
      en: 'Early stopping needs a validation split, which this dataset does not have.',
      ko: '조기 종료에는 validation 분할이 필요한데 이 데이터셋에는 없습니다.',
    },
    hint: {
      en: 'Import the data again with a validation share, or set early stopping to 0.',
      ko: 'validation 비율을 주어 데이터를 다시 가져오거나 조기 종료를 0으로 하세요.',
    },
  },
  'run.halvesNotHere': {
    message: {
      en: 'This machine’s backend cannot compute with 16 bits, so all weights stay in 32 bits.',
      ko: '이 컴퓨터의 백엔드는 16비트로 계산할 수 없어 모든 가중치를 32비트로 둡니다.',
    },
    hint: {
      en: 'Nothing to do; it takes more memory. npm run setup can install the fast backend where there is one.',
      ko: '할 일은 없습니다. 메모리를 더 쓸 뿐입니다. 빠른 백엔드가 있는 환경이라면 npm run setup으로 설치할 수 있습니다.',
    },
  },
  'run.quantizedBaseTrained': {
    message: {
      en: '{method} trains and writes weights of the model itself, which cannot be held in 4 bits.',
      ko: '{method} 방법은 모델 자체의 가중치를 학습하고 저장하므로, 가중치를 4비트로 담을 수 없습니다.',
    },
    hint: {
      en: 'Turn "Quantise frozen weights" off, or choose an adapter method such as QLoRA.',
      ko: '"고정 가중치 양자화"를 끄거나 QLoRA 같은 어댑터 방법을 고르세요.',
    },
  },
  'run.packingNotForMethod': {
    message: {
      en: 'Packing was turned on, but the method {method} works on whole rows and cannot share them.',
      ko: '패킹을 켰지만 {method} 방법은 행 전체를 다루므로 한 행을 나누어 쓸 수 없습니다.',
    },
    hint: {
      en: 'Leave packing at "automatic" or turn it off.',
      ko: '패킹을 "가능하면"으로 두거나 끄세요.',
    },
  },
  'run.halvesNotForMethod': {
    message: {
      en: 'The method {method} writes the whole model, so all weights stay in 32 bits.',
      ko: '{method} 방법은 모델 전체를 저장하므로 모든 가중치를 32비트로 둡니다.',
    },
    hint: {
      en: 'Choose an adapter method such as LoRA to hold the frozen weights in 16 bits.',
      ko: '고정된 가중치를 16비트로 두려면 LoRA 같은 어댑터 방법을 고르세요.',
    },
  },
} as const satisfies ErrorTexts;

import type { ErrorTexts } from './errorText.ts';

/** Why texts cannot be watched for what a run forgets. */
export const watchSentences = {
  'run.watchNoHead': {
    message: {
      en: 'Nothing honest can be measured on the watched texts {dataset}: the model has neither a head of its own that was trained for the labels of the task {task}, nor one that guesses words.',
      ko: '지켜볼 글 {dataset}에서 제대로 잴 수 있는 것이 없습니다. 모델에 {task} 과제의 라벨로 학습된 헤드도, 낱말을 맞히는 헤드도 없습니다.',
    },
    hint: {
      en: 'Watch no texts, or choose a model whose folder holds one of these heads: a masked-LM checkpoint, a language model, or the result of a full fine-tuning on the same labels.',
      ko: '지켜볼 글을 빼거나, 이런 헤드가 든 모델을 고르세요. 마스크 언어 모델 체크포인트, 언어 모델, 같은 라벨로 전체 미세조정한 결과가 알맞습니다.',
    },
  },
  'run.watchLacksText': {
    message: {
      en: 'The watched dataset {dataset} has no column of plain text, and its rows are not rows that the model could already solve for the task {task}.',
      ko: '지켜볼 데이터셋 {dataset}에 글 열이 없고, 모델이 이미 풀 수 있는 {task} 과제의 행도 아닙니다.',
    },
    hint: {
      en: 'Import it again with a column in the part of "text", or choose another dataset.',
      ko: '"글" 역할을 하는 열을 정해 다시 가져오거나 다른 데이터셋을 고르세요.',
    },
  },
  'run.watchNotForMethod': {
    message: {
      en: 'The method of this run reads each text several times at once, so the watched texts {dataset} cannot be measured beside the task {task}.',
      ko: '이 실행의 방법은 글 하나를 한꺼번에 여러 번 읽으므로 {task} 과제과 함께 지켜볼 글 {dataset}을(를) 잴 수 없습니다.',
    },
    hint: {
      en: 'Watch no texts, or choose another method.',
      ko: '지켜볼 글을 빼거나 다른 방법을 고르세요.',
    },
  },
  'run.watchEmpty': {
    message: {
      en: 'No row of the watched dataset holds anything that can be measured for the task {task}.',
      ko: '지켜볼 데이터셋에 {task} 과제로 잴 수 있는 행이 없습니다.',
    },
    hint: {
      en: 'Check that its text column is the right one and not empty.',
      ko: '글 열이 맞는지, 비어 있지 않은지 확인하세요.',
    },
  },
  'run.watchIsTraining': {
    message: {
      en: 'The watched texts are the dataset {dataset} that is trained on: it cannot show what is forgotten.',
      ko: '지켜볼 글이 학습할 데이터셋 {dataset}과(와) 같습니다. 이것으로는 무엇을 잊는지 볼 수 없습니다.',
    },
    hint: {
      en: 'Choose texts the run does not learn from, such as general ones of the same language.',
      ko: '이 실행이 배우지 않는 글, 예를 들어 같은 언어의 일반 글을 고르세요.',
    },
  },
} as const satisfies ErrorTexts;

import type { ErrorTexts } from './errorText.ts';

/** Sentences about changing a dataset: fixes, versions, splits, judged rows. */
export const curatingErrors = {
  'datasets.noTime': {
    message: {
      en: 'Row {row} has "{value}" in the column "{column}", which is no time.',
      ko: '{row}행 "{column}" 열의 "{value}"은(는) 시각이 아닙니다.',
    },
    hint: {
      en: 'Write times as 2024-02-29T13:05:00, or as numbers.',
      ko: '시각을 2024-02-29T13:05:00처럼 쓰거나 숫자로 쓰세요.',
    },
  },
  'datasets.noSuchFold': {
    message: {
      en: 'There is no fold {fold}: there are {folds}.',
      ko: '{fold}번째 묶음이 없습니다. 묶음은 {folds}개입니다.',
    },
    hint: { en: 'Choose one from 1 on.', ko: '1부터 고르세요.' },
  },
  'datasets.badShares': {
    message: {
      en: 'Validation share {validation} and test share {test} leave nothing to train on.',
      ko: '검증 비율 {validation}과 테스트 비율 {test}을(를) 빼면 학습에 쓸 것이 남지 않습니다.',
    },
    hint: { en: 'Together they must stay below 1.', ko: '둘의 합이 1보다 작아야 합니다.' },
  },
  'datasets.noExpandableColumn': {
    message: {
      en: 'A model cannot write the column "{column}" of "{name}".',
      ko: '"{name}"의 "{column}" 열은 모델에게 쓰게 할 수 없습니다.',
    },
    hint: {
      en: 'Choose one of: {known}. Texts whose places are marked, such as those with spans, cannot be written anew.',
      ko: '쓸 수 있는 열: {known}. 구간처럼 글 안의 위치가 표시된 글은 새로 쓸 수 없습니다.',
    },
  },
  'datasets.templateWithoutText': {
    message: {
      en: 'The instruction has neither {text} nor {examples}: the model would not know what to write after.',
      ko: '지시문에 {text}도 {examples}도 없어서 모델이 무엇을 보고 쓸지 알 수 없습니다.',
    },
    hint: {
      en: "Put {text} where the row's text belongs.",
      ko: '행의 글이 들어갈 자리에 {text}를 넣으세요.',
    },
  },
  'datasets.nothingToExpand': {
    message: {
      en: 'No row of "{name}" passes the filter.',
      ko: '"{name}"에 조건에 맞는 행이 없습니다.',
    },
    hint: {
      en: 'Choose another label or split; rows written by a model are never a source themselves.',
      ko: '다른 라벨이나 분할을 고르세요. 모델이 쓴 행은 다시 원본이 되지 않습니다.',
    },
  },
  'datasets.syntheticOutsideTraining': {
    message: {
      en: 'Rows written by a model would be used to validate or test: {rows}.',
      ko: '모델이 쓴 행 {rows}개가 검증이나 시험에 들어가게 됩니다.',
    },
    hint: {
      en: 'Allow it (--synthetic-anywhere), or remove these rows first.',
      ko: '허용하거나(--synthetic-anywhere), 먼저 이 행을 빼세요.',
    },
  },
  'datasets.noSuchFix': {
    message: {
      en: 'The fix {fix} does not go with the finding {check}.',
      ko: '발견 {check}에는 {fix} 고치기를 쓸 수 없습니다.',
    },
    hint: { en: 'Fixes for it: {known}.', ko: '쓸 수 있는 고치기: {known}.' },
  },
  'datasets.fixMovesSpans': {
    message: {
      en: 'The fix {fix} would change texts whose places are kept in the column "{column}".',
      ko: '{fix} 고치기를 하면 "{column}" 열에 적힌 위치가 글과 어긋납니다.',
    },
    hint: {
      en: 'Correct these texts in the source file, before spans are marked in them.',
      ko: '구간을 표시하기 전에 원본 파일에서 글을 고치세요.',
    },
  },
  'datasets.nothingToFix': {
    message: {
      en: 'The fix {fix} of {check} would change nothing.',
      ko: '{check}에 {fix} 고치기를 해도 바뀌는 것이 없습니다.',
    },
    hint: {
      en: 'It may be mended already, or a person has to decide: groups without a majority are left as they are.',
      ko: '이미 고쳐졌거나 사람이 정해야 합니다. 다수 라벨이 없는 묶음은 그대로 둡니다.',
    },
  },
  'datasets.fixLeavesNothing': {
    message: {
      en: 'The fix {fix} of {check} would remove every row.',
      ko: '{check}에 {fix} 고치기를 하면 모든 행이 없어집니다.',
    },
    hint: { en: 'Choose single rows, or another fix.', ko: '일부 행만 고르거나 다른 방법을 쓰세요.' },
  },
  'datasets.noLabelColumn': {
    message: { en: '"{name}" has no column with labels.', ko: '"{name}"에 라벨 열이 없습니다.' },
    hint: {
      en: 'Open it for labelling: publishing adds the column.',
      ko: '라벨링으로 열어 작업하고 새 버전을 만들면 라벨 열이 생깁니다.',
    },
  },
  'datasets.filterNeedsLabelling': {
    message: {
      en: 'Rows of "{name}" have no {conditions}: only records of a labelling do.',
      ko: '"{name}"의 행에는 {conditions} 조건을 쓸 수 없습니다. 라벨 작업의 레코드에만 있습니다.',
    },
    hint: {
      en: 'Name a labelling of the dataset as well, or leave these conditions out.',
      ko: '이 데이터셋의 라벨 작업도 함께 고르거나 그 조건을 빼세요.',
    },
  },
  'datasets.otherLabelling': {
    message: {
      en: 'The labelling "{labelling}" is none of the dataset "{name}".',
      ko: '"{labelling}"은(는) "{name}" 데이터셋의 라벨 작업이 아닙니다.',
    },
    hint: {
      en: 'Export the dataset that it was opened from.',
      ko: '그 라벨 작업을 연 데이터셋을 내보내세요.',
    },
  },
  'datasets.noFindingOfDataset': {
    message: {
      en: 'Rows cannot be chosen by "{check}": only files have such rows.',
      ko: '"{check}"(으)로는 행을 고를 수 없습니다. 파일에만 있는 행입니다.',
    },
    hint: { en: 'Choose another finding.', ko: '다른 검사 결과를 고르세요.' },
  },
  'datasets.noSuchRow': {
    message: {
      en: '"{name}" has no row {row}: it has {rows}.',
      ko: '"{name}"에 {row}행이 없습니다. 모두 {rows}행입니다.',
    },
    hint: {
      en: 'Rows count from 1, in the version that is changed.',
      ko: '행 번호는 바꾸려는 버전에서 1부터 셉니다.',
    },
  },
  'datasets.noJudgedRows': {
    message: {
      en: 'What the run "{name}" answers is not simply right or wrong, row by row.',
      ko: '"{name}" 실행의 답은 행마다 맞고 틀림이 갈리지 않습니다.',
    },
    hint: {
      en: 'Open a run that gives texts labels or marks spans in them.',
      ko: '글에 라벨을 붙이거나 구간을 표시하는 실행을 여세요.',
    },
  },
  'datasets.nothingToUndo': {
    message: { en: '"{name}" has no change to undo.', ko: '"{name}"에 되돌릴 변경이 없습니다.' },
    hint: {
      en: 'This is the content it was imported with.',
      ko: '가져왔을 때의 내용입니다.',
    },
  },
  'datasets.nothingToRedo': {
    message: { en: '"{name}" has no undone change.', ko: '"{name}"에 다시 할 변경이 없습니다.' },
    hint: {
      en: 'Redo works right after an undo; another change in between ends it.',
      ko: '다시 하기는 되돌린 바로 뒤에만 됩니다. 그 사이에 다른 변경을 하면 없어집니다.',
    },
  },
} as const satisfies ErrorTexts;

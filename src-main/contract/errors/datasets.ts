import type { ErrorTexts } from './errorText.ts';

/** Errors in datasets and their files. */
export const datasetsErrors = {
  'datasets.emptyFile': {
    message: { en: '{file} has no rows.', ko: '{file}에 행이 없습니다.' },
    hint: {
      en: 'Choose a file with a header line and at least one row.',
      ko: '머리글 줄과 한 줄 이상의 내용이 있는 파일을 고르세요.',
    },
  },
  'datasets.notText': {
    message: {
      en: '{file} is a {kind} file, not a text table.',
      ko: '{file}은(는) 텍스트 표가 아니라 {kind} 파일입니다.',
    },
    hint: {
      en: 'Save it as CSV, TSV or JSONL and import that.',
      ko: 'CSV, TSV, JSONL로 저장해서 가져오세요.',
    },
  },
  'datasets.jsonArray': {
    message: {
      en: '{file} is one JSON value, not JSON lines.',
      ko: '{file}은(는) JSON Lines가 아니라 하나의 JSON 값입니다.',
    },
    hint: {
      en: 'Write one object per line and save it as .jsonl.',
      ko: '한 줄에 객체 하나씩 써서 .jsonl로 저장하세요.',
    },
  },
  'datasets.undecodable': {
    message: {
      en: '{file}, line {line}: these bytes are not valid {encoding} text.',
      ko: '{file} {line}번째 줄: 올바른 {encoding} 텍스트가 아닌 바이트가 있습니다.',
    },
    hint: {
      en: 'Save the file as UTF-8, or name its encoding (utf-8, utf-16le, utf-16be, euc-kr).',
      ko: '파일을 UTF-8로 저장하거나 인코딩(utf-8, utf-16le, utf-16be, euc-kr)을 지정하세요.',
    },
  },
  'datasets.unclosedQuote': {
    message: {
      en: '{file}, line {line}: a quoted field begins here and never ends.',
      ko: '{file} {line}번째 줄: 여기서 시작한 따옴표 필드가 끝나지 않습니다.',
    },
    hint: {
      en: 'Close the quotation mark, or double it where it is part of the text ("").',
      ko: '따옴표를 닫거나, 글의 일부라면 두 번("") 쓰세요.',
    },
  },
  'datasets.lineTooLong': {
    message: {
      en: 'Line {line} is longer than {limitMegabytes} MB.',
      ko: '{line}번째 줄이 {limitMegabytes}MB보다 깁니다.',
    },
    hint: {
      en: 'Split the text into shorter rows; a missing line break or quotation mark is the usual cause.',
      ko: '글을 더 짧은 행으로 나누세요. 줄바꿈이나 따옴표가 빠진 경우가 많습니다.',
    },
  },
  'datasets.fieldCount': {
    message: {
      en: 'Line {line} has {found} fields, but there are {expected} columns.',
      ko: '{line}번째 줄의 필드는 {found}개인데 열은 {expected}개입니다.',
    },
    hint: {
      en: 'Put quotation marks around fields that contain the delimiter.',
      ko: '구분자가 들어 있는 필드를 따옴표로 감싸세요.',
    },
  },
  'datasets.badJson': {
    message: {
      en: 'Line {line} is not valid JSON: {detail}',
      ko: '{line}번째 줄이 올바른 JSON이 아닙니다: {detail}',
    },
    hint: { en: 'Each line must be one JSON object.', ko: '각 줄은 JSON 객체 하나여야 합니다.' },
  },
  'datasets.notAnObject': {
    message: {
      en: 'Line {line} is a JSON {found}, not an object.',
      ko: '{line}번째 줄은 객체가 아니라 JSON {found}입니다.',
    },
    hint: {
      en: 'Write it as {"column": "value"}.',
      ko: '{"열": "값"} 모양으로 쓰세요.',
    },
  },
  'datasets.emptyText': {
    message: {
      en: 'Line {line} has nothing in the column "{column}".',
      ko: '{line}번째 줄의 "{column}" 열이 비어 있습니다.',
    },
    hint: { en: 'Fill it in or leave this row out.', ko: '채우거나 이 행을 빼세요.' },
  },
  'datasets.missingLabel': {
    message: {
      en: 'Line {line} has no label in the column "{column}".',
      ko: '{line}번째 줄의 "{column}" 열에 라벨이 없습니다.',
    },
    hint: { en: 'Give it a label or leave this row out.', ko: '라벨을 붙이거나 이 행을 빼세요.' },
  },
  'datasets.unknownSplit': {
    message: {
      en: 'Line {line} says "{value}" in the split column "{column}".',
      ko: '{line}번째 줄의 분할 열 "{column}" 값이 "{value}"입니다.',
    },
    hint: {
      en: 'Use train, validation or test; an empty field is decided by chance.',
      ko: 'train, validation, test 중 하나를 쓰세요. 비워 두면 무작위로 정합니다.',
    },
  },
  'datasets.badRows': {
    message: {
      en: '{count} of {rows} rows cannot be used. The first: {first}',
      ko: '{rows}개 행 중 {count}개를 쓸 수 없습니다. 첫 번째: {first}',
    },
    hint: {
      en: 'Correct them in the file, or import without them ("leave out unusable rows").',
      ko: '파일에서 고치거나, "쓸 수 없는 행 빼기"로 그 행 없이 가져오세요.',
    },
  },
  'datasets.unknownColumn': {
    message: {
      en: '{file} has no column "{column}".',
      ko: '{file}에 "{column}" 열이 없습니다.',
    },
    hint: { en: 'Its columns are: {columns}.', ko: '이 파일의 열: {columns}.' },
  },
  'datasets.duplicateColumn': {
    message: {
      en: '{file} has two columns named "{column}".',
      ko: '{file}에 "{column}"이라는 열이 둘 있습니다.',
    },
    hint: { en: 'Rename one of them.', ko: '하나의 이름을 바꾸세요.' },
  },
  'datasets.columnCount': {
    message: {
      en: '{given} column names were given for {file}, but its first row has {found} fields.',
      ko: '{file}에 열 이름 {given}개를 주었는데 첫 행의 필드는 {found}개입니다.',
    },
    hint: { en: 'Give one name per field.', ko: '필드마다 이름을 하나씩 주세요.' },
  },
  'datasets.tooManyColumns': {
    message: {
      en: '{file} has more than {limit} columns.',
      ko: '{file}의 열이 {limit}개를 넘습니다.',
    },
    hint: {
      en: 'Check the delimiter, or leave out the columns that are not needed.',
      ko: '구분자를 확인하거나 필요 없는 열을 빼세요.',
    },
  },
  'datasets.mappingIncomplete': {
    message: {
      en: 'No column is mapped to "text", nor are two mapped to "prompt" and "completion".',
      ko: '"text" 역할의 열도, "prompt"와 "completion" 역할의 두 열도 정해지지 않았습니다.',
    },
    hint: {
      en: 'Say which column holds the text, or which hold question and answer.',
      ko: '어느 열이 텍스트인지, 또는 질문과 답변인지 정하세요.',
    },
  },
  'datasets.columnTwice': {
    message: {
      en: 'The column "{column}" is mapped to both "{first}" and "{second}".',
      ko: '"{column}" 열에 "{first}"와 "{second}" 두 역할이 정해졌습니다.',
    },
    hint: { en: 'Give each part its own column.', ko: '역할마다 다른 열을 고르세요.' },
  },
  'datasets.oneLabel': {
    message: {
      en: 'Every row has the same label, "{label}", in the column "{column}".',
      ko: '"{column}" 열의 라벨이 모두 "{label}"입니다.',
    },
    hint: {
      en: 'Choose another label column, or add rows with other labels.',
      ko: '다른 라벨 열을 고르거나 다른 라벨의 행을 더하세요.',
    },
  },
  'datasets.tooManyLabels': {
    message: {
      en: 'The column "{column}" has more than {limit} different labels.',
      ko: '"{column}" 열에 서로 다른 라벨이 {limit}개를 넘습니다.',
    },
    hint: {
      en: 'This looks like text: choose the column with the categories.',
      ko: '라벨이 아니라 글로 보입니다. 분류 값이 든 열을 고르세요.',
    },
  },
  'datasets.badShares': {
    message: {
      en: 'Validation share {validation} and test share {test} leave nothing to train on.',
      ko: '검증 비율 {validation}과 테스트 비율 {test}을(를) 빼면 학습에 쓸 것이 남지 않습니다.',
    },
    hint: { en: 'Together they must stay below 1.', ko: '둘의 합이 1보다 작아야 합니다.' },
  },
  'datasets.fileChanged': {
    message: {
      en: 'The files changed while they were being imported: {files}.',
      ko: '가져오는 동안 파일이 바뀌었습니다: {files}.',
    },
    hint: { en: 'Import them again.', ko: '다시 가져오세요.' },
  },
} as const satisfies ErrorTexts;

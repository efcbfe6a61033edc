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
      en: 'Leave the format to be detected, or save it as CSV, TSV or JSONL.',
      ko: '형식을 자동으로 두거나 CSV, TSV, JSONL로 저장해서 가져오세요.',
    },
  },
  'datasets.noJsonRows': {
    message: {
      en: '{file} is JSON without a list of rows.',
      ko: '{file}에는 행 목록이 없는 JSON만 있습니다.',
    },
    hint: {
      en: 'Write a list of objects, or one object per line.',
      ko: '객체 목록으로 쓰거나 한 줄에 객체 하나씩 쓰세요.',
    },
  },
  'datasets.tooDeep': {
    message: {
      en: 'Line {line} nests deeper than {limit} levels.',
      ko: '{line}번째 줄의 중첩이 {limit}단계보다 깊습니다.',
    },
    hint: { en: 'Flatten it, or leave this row out.', ko: '평평하게 펴거나 이 행을 빼세요.' },
  },
  'datasets.damagedFile': {
    message: {
      en: '{file} is not a readable {kind} file: {detail}',
      ko: '{file}은(는) 읽을 수 있는 {kind} 파일이 아닙니다: {detail}',
    },
    hint: {
      en: 'Save or download it again; a copy that was cut short is the usual cause.',
      ko: '다시 저장하거나 내려받으세요. 중간에 잘린 사본인 경우가 많습니다.',
    },
  },
  'datasets.unpacksTooLarge': {
    message: {
      en: '{file} unpacks to more than {limitMegabytes} MB out of a small file.',
      ko: '{file}은(는) 작은 파일인데 {limitMegabytes}MB 넘게 풀립니다.',
    },
    hint: {
      en: 'This is how harmful files look; save the data as CSV or JSONL if it is truly yours.',
      ko: '해로운 파일이 이런 모양입니다. 정말 내 데이터라면 CSV나 JSONL로 저장해서 가져오세요.',
    },
  },
  'datasets.rowGroupTooLarge': {
    message: {
      en: '{file} has a row group of {rows} rows; at most {limit} can be read at once.',
      ko: '{file}에 {rows}행짜리 행 그룹이 있습니다. 한 번에 {limit}행까지 읽을 수 있습니다.',
    },
    hint: {
      en: 'Write the file with smaller row groups, for example row_group_size=100000 in pyarrow.',
      ko: '행 그룹을 더 작게 저장하세요. 예: pyarrow의 row_group_size=100000.',
    },
  },
  'datasets.noSheet': {
    message: {
      en: '{file} has no sheet "{sheet}".',
      ko: '{file}에 "{sheet}" 시트가 없습니다.',
    },
    hint: { en: 'Its sheets are: {names}.', ko: '이 파일의 시트: {names}.' },
  },
  'datasets.sentenceTooLong': {
    message: {
      en: 'The sentence at line {line} has more than {limit} tokens.',
      ko: '{line}번째 줄에서 시작하는 문장의 토큰이 {limit}개를 넘습니다.',
    },
    hint: {
      en: 'Put a blank line between sentences.',
      ko: '문장 사이에 빈 줄을 넣으세요.',
    },
  },
  'datasets.fileTooLong': {
    message: {
      en: '{file} is larger than {limitMegabytes} MB, too much for one row.',
      ko: '{file}은(는) {limitMegabytes}MB보다 커서 한 행이 될 수 없습니다.',
    },
    hint: { en: 'Split the text into several files.', ko: '글을 여러 파일로 나누세요.' },
  },
  'datasets.noClassFolders': {
    message: {
      en: 'The folder {folder} has no text files in folders of their class.',
      ko: '{folder} 폴더에는 분류 폴더에 든 텍스트 파일이 없습니다.',
    },
    hint: {
      en: 'Make a folder for each class and put .txt files into it, one per row.',
      ko: '분류마다 폴더를 만들고 그 안에 행마다 .txt 파일을 하나씩 넣으세요.',
    },
  },
  'datasets.notAFolder': {
    message: {
      en: '{file} is a file, not a folder with a folder per class.',
      ko: '{file}은(는) 분류별 폴더가 든 폴더가 아니라 파일입니다.',
    },
    hint: { en: 'Choose the folder.', ko: '폴더를 고르세요.' },
  },
  'datasets.exportNeedsColumn': {
    message: {
      en: 'The {format} format needs a column with the part "{role}", and this dataset has none.',
      ko: '{format} 형식에는 "{role}" 역할의 열이 필요한데 이 데이터셋에는 없습니다.',
    },
    hint: {
      en: 'Choose another format, such as JSONL, or import the data with that column mapped.',
      ko: 'JSONL 같은 다른 형식을 고르거나, 그 열을 지정해 다시 가져오세요.',
    },
  },
  'datasets.cellTooLong': {
    message: {
      en: 'Row {row} has {length} characters in the column "{column}"; a cell of a workbook holds {limit}.',
      ko: '{row}행 "{column}" 열의 글자가 {length}자입니다. 엑셀 칸에는 {limit}자까지 들어갑니다.',
    },
    hint: { en: 'Export as CSV or Parquet instead.', ko: 'CSV나 Parquet으로 내보내세요.' },
  },
  'datasets.tooManySheetRows': {
    message: {
      en: 'A sheet of a workbook holds {limit} rows, and there are more.',
      ko: '엑셀 시트에는 {limit}행까지 들어가는데 행이 더 많습니다.',
    },
    hint: { en: 'Export as CSV or Parquet instead.', ko: 'CSV나 Parquet으로 내보내세요.' },
  },
  'datasets.exportExists': {
    message: { en: 'There is already something at {path}.', ko: '{path}에 이미 무언가가 있습니다.' },
    hint: {
      en: 'Choose another place, or remove it first.',
      ko: '다른 위치를 고르거나 먼저 지우세요.',
    },
  },
  'datasets.wrongShape': {
    message: {
      en: 'Line {line} is not laid out as {shape}.',
      ko: '{line}번째 줄은 {shape} 형식이 아닙니다.',
    },
    hint: {
      en: 'Correct it, leave this row out, or read the file as a plain table.',
      ko: '고치거나 이 행을 빼거나, 파일을 일반 표로 읽으세요.',
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
      en: 'The mapped columns make no row to learn from: "text" or "messages" alone would do, or two parts such as "prompt" and "completion", or "question" and "context".',
      ko: '정해진 열만으로는 학습할 행이 되지 않습니다. "text"나 "messages" 하나, 또는 "prompt"와 "completion", "question"과 "context"처럼 두 역할이 필요합니다.',
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
      en: 'This looks like text: choose the column with the categories, or with numbers for a regression.',
      ko: '라벨이 아니라 글로 보입니다. 분류 값이 든 열이나, 회귀라면 숫자가 든 열을 고르세요.',
    },
  },
  'datasets.fileChanged': {
    message: {
      en: 'The files changed while they were being imported: {files}.',
      ko: '가져오는 동안 파일이 바뀌었습니다: {files}.',
    },
    hint: { en: 'Import them again.', ko: '다시 가져오세요.' },
  },
  'datasets.hubNoData': {
    message: {
      en: 'The dataset {hubId} has no file that can be read.',
      ko: '데이터셋 {hubId}에 읽을 수 있는 파일이 없습니다.',
    },
    hint: {
      en: 'Files of these kinds can be: Parquet, JSON lines, CSV, TSV, JSON, XLSX, text. Datasets made by a script have to be exported first.',
      ko: 'Parquet, JSONL, CSV, TSV, JSON, XLSX, 텍스트 파일을 읽습니다. 스크립트로 만드는 데이터셋은 먼저 파일로 내보내야 합니다.',
    },
  },
  'datasets.hubNoSubset': {
    message: {
      en: 'The dataset {hubId} has no part "{subset}".',
      ko: '데이터셋 {hubId}에 "{subset}" 부분이 없습니다.',
    },
    hint: { en: 'Its parts: {known}.', ko: '있는 부분: {known}.' },
  },
} as const satisfies ErrorTexts;

import type { DatasetChange } from './datasetChanges.ts';
import type { HealthCheck, HealthFix } from './healthChecks.ts';
import { type LocalizedText, type TextParams, fillText } from './text.ts';

/** What each check looks for, in a few words. */
export const checkNames: Readonly<Record<HealthCheck, LocalizedText>> = {
  unusableRows: { en: 'unusable rows', ko: '쓸 수 없는 행' },
  exactDuplicates: { en: 'exact duplicates', ko: '같은 글' },
  nearDuplicates: { en: 'near-duplicates', ko: '거의 같은 글' },
  leakage: { en: 'leakage between splits', ko: '분할 사이에 겹치는 글' },
  conflictingLabels: { en: 'conflicting labels', ko: '엇갈리는 라벨' },
  classImbalance: { en: 'imbalance of labels', ko: '라벨 불균형' },
  tooLittleData: { en: 'too little data', ko: '부족한 데이터' },
  emptyTexts: { en: 'empty texts', ko: '빈 글' },
  longTexts: { en: 'long texts', ko: '긴 글' },
  truncatedTexts: { en: 'texts that will be cut', ko: '잘릴 글' },
  unknownTokens: { en: 'unknown tokens', ko: '모르는 토큰' },
  untidyTexts: { en: 'untidy texts', ko: '정리되지 않은 글' },
  encodingDamage: { en: 'encoding damage', ko: '깨진 글자' },
  languageMix: { en: 'mixed languages', ko: '섞인 언어' },
  personalData: { en: 'personal data', ko: '개인정보' },
  labelErrors: { en: 'suspected label errors', ko: '의심스러운 라벨' },
  syntheticRows: { en: 'rows written by a model', ko: '모델이 쓴 행' },
  outliers: { en: 'outliers', ko: '동떨어진 글' },
};

/** What each fix does, as one would say on a button. */
export const fixNames: Readonly<Record<HealthFix, LocalizedText>> = {
  keepOne: { en: 'Keep one of each', ko: '하나씩만 남기기' },
  moveToTraining: { en: 'Move them to training', ko: '학습으로 옮기기' },
  removeRows: { en: 'Remove these rows', ko: '이 행 빼기' },
  majorityLabel: { en: 'Take the majority label', ko: '다수 라벨로 통일' },
  predictedLabel: { en: 'Take the suggested labels', ko: '제안한 라벨로 바꾸기' },
  mask: { en: 'Mask it', ko: '가리기' },
  repairEncoding: { en: 'Repair', ko: '복구하기' },
  tidy: { en: 'Tidy up', ko: '정리하기' },
  oversample: { en: 'Repeat rare rows', ko: '적은 라벨의 행 반복' },
  undersample: { en: 'Leave out common rows', ko: '많은 라벨의 행 줄이기' },
};

const sentences: Readonly<Record<DatasetChange['kind'], LocalizedText>> = {
  fixed: { en: '{check}: {fix} (rows: {rows})', ko: '{check}: {fix}({rows}행)' },
  relabelled: { en: 'Labelled "{label}" (rows: {rows})', ko: '"{label}" 라벨로 바꿈({rows}행)' },
  expanded: { en: '{rows} rows written by {model}', ko: '{model}이(가) 쓴 글 {rows}행을 더함' },
  split: { en: 'Split anew: {request}', ko: '다시 나눔: {request}' },
  restored: { en: 'Reverted to version {version}', ko: '버전 {version}(으)로 되돌아감' },
  undone: { en: 'Undone: back to version {version}', ko: '되돌림: 버전 {version}의 내용' },
  redone: { en: 'Done again: version {version}', ko: '다시 함: 버전 {version}의 내용' },
};

type SplitChange = Extract<DatasetChange, { kind: 'split' }>['request'];

function describeSplit(request: SplitChange): LocalizedText {
  const { byColumn, byTime, folds, fold = 1, groupColumn, validationShare, testShare, seed } = request;
  const percent = (share: number) => Math.round(share * 100);
  const params = {
    ...{ column: byColumn ?? byTime ?? '', folds: folds ?? 0, fold, group: groupColumn ?? '', seed },
    ...{ validation: percent(validationShare), test: percent(testShare) },
  };
  const shares = { en: 'validation {validation} %, test {test} %', ko: '검증 {validation}%, 시험 {test}%' };
  const seeded = { en: ', seed {seed}', ko: ', 시드 {seed}' };
  const grouped = groupColumn === undefined ? { en: '', ko: '' } : { en: ', together by "{group}"', ko: ', "{group}" 열의 값이 같으면 함께' }; // prettier-ignore
  const main =
    byColumn !== undefined
      ? { en: 'by the column "{column}"', ko: '"{column}" 열대로' }
      : byTime !== undefined
        ? { en: `by the time in "{column}", ${shares.en}`, ko: `"{column}" 열의 시간순, ${shares.ko}` }
        : folds !== undefined
          ? { en: `fold {fold} of {folds}${grouped.en}${seeded.en}`, ko: `{folds}묶음 중 {fold}번째${grouped.ko}${seeded.ko}` } // prettier-ignore
          : { en: `${shares.en}${grouped.en}${seeded.en}`, ko: `${shares.ko}${grouped.ko}${seeded.ko}` };
  return fillText(main, params);
}

/** What was done to make a version, in a sentence. */
export function describeChange(change: DatasetChange): LocalizedText {
  const fill = (params: TextParams) => fillText(sentences[change.kind], params);
  switch (change.kind) {
    case 'fixed':
      return fill({ check: checkNames[change.check], fix: fixNames[change.fix], rows: change.rows });
    case 'relabelled':
      return fill({ label: change.label, rows: change.rows });
    case 'expanded':
      return fill({ model: change.model, rows: change.rows });
    case 'split':
      return fill({ request: describeSplit(change.request) });
    case 'restored':
    case 'undone':
    case 'redone':
      return fill({ version: change.version });
    default:
      return change satisfies never;
  }
}

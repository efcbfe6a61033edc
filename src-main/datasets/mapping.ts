import type { ColumnMapping } from '../contract/datasets.ts';
import { type Problem, describeProblem } from '../contract/errors/index.ts';
import type { ColumnRole } from '../contract/methods.ts';
import { readSplitName } from './splits.ts';

/** Column names people give each part, compared in lower case without spaces, dashes and underscores. */
const usualNames: Readonly<Record<ColumnRole, readonly string[]>> = {
  text: ['text', 'sentence', 'sentence1', 'texta', 'text1', 'premise', 'review', 'document', 'content', 'body', 'utterance', 'message', 'comment', 'anchor', 'title', 'query', '문장', '문장1', '텍스트', '본문', '내용', '리뷰', '발화', '댓글', '질의', '문서', '글'], // prettier-ignore
  textPair: [
    'textpair',
    'sentence2',
    'textb',
    'text2',
    'hypothesis',
    'positive',
    'paraphrase',
    '문장2',
    '가설',
    '짝',
  ],
  label: ['label', 'labels', 'category', 'class', 'intent', 'sentiment', 'target', 'topic', 'emotion', 'tag', 'y', '라벨', '레이블', '범주', '분류', '카테고리', '감정', '의도', '주제'], // prettier-ignore
  prompt: ['prompttext', 'prompt', 'question', 'instruction', 'q', 'input', 'source', 'user', '질문', '문제', '지시', '지시문', '명령', '프롬프트', '입력', '물음'], // prettier-ignore
  spans: ['spans', 'entities', '개체', '개체명'],
  tokens: ['tokens', 'words', '토큰', '어절'],
  tags: ['tags', 'nertags', 'bio', '태그', '개체명태그'],
  messages: ['messages', 'conversation', 'conversations'],
  chosen: ['chosentext', 'chosen', 'preferred', '나은답', '선호답변'],
  rejected: ['rejectedtext', 'rejected', 'dispreferred', '못한답', '비선호답변'],
  question: ['question', '질문'],
  context: ['context', 'passage', '지문', '문맥'],
  answer: ['answers', 'answer', '답', '정답'],
  answerStart: ['answerstart', '답위치'],
  completion: ['completion', 'answer', 'response', 'output', 'a', 'target', 'reply', 'assistant', 'chosentext', 'chosen', '답변', '대답', '응답', '답', '정답', '출력', '완성'], // prettier-ignore
};
/** Parts of which one set must be there whole, for a row to have something to learn from. */
const contentRoles: readonly (readonly ColumnRole[])[] = [
  ['text'],
  ['messages'],
  ['tokens', 'tags'],
  ['prompt', 'completion'],
  ['chosen', 'rejected'],
  ['question', 'context'],
];
const splitNames = ['split', 'partition', 'set', 'subset', 'fold', '분할', '구분'];

const comparable = (name: string): string =>
  name
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/[\s_-]/g, '');

function findByName(columns: readonly string[], names: readonly string[]): string | undefined {
  for (const name of names) {
    const found = columns.find((column) => comparable(column) === name);
    if (found !== undefined) return found;
  }
  return undefined;
}

interface ColumnFacts {
  readonly name: string;
  readonly averageLength: number;
  readonly distinct: number;
  readonly filled: number;
}

function describeColumn(name: string, rows: readonly Readonly<Record<string, string>>[]): ColumnFacts {
  const values = rows.map((row) => row[name] ?? '').filter((value) => value.trim() !== '');
  const length = values.reduce((sum, value) => sum + value.length, 0);
  return {
    name,
    averageLength: values.length === 0 ? 0 : length / values.length,
    distinct: new Set(values).size,
    filled: values.length,
  };
}

/** Few short values that come again and again. */
function looksLikeLabels(facts: ColumnFacts): boolean {
  return (
    facts.filled > 0 &&
    facts.distinct >= 2 &&
    facts.averageLength <= 40 &&
    facts.distinct <= Math.max(2, facts.filled / 2)
  );
}

function findSplitColumn(
  columns: readonly string[],
  rows: readonly Readonly<Record<string, string>>[],
): string | undefined {
  const column = findByName(columns, splitNames);
  if (column === undefined) return undefined;
  const named = rows.map((row) => row[column] ?? '').filter((value) => value.trim() !== '');
  return named.length > 0 && named.every((value) => readSplitName(value) !== undefined) ? column : undefined;
}

/** Question, context and answer of extractive question answering, where all three have their names. */
function findQuestion(columns: readonly string[]): ColumnMapping['roles'] | undefined {
  const question = findByName(columns, usualNames.question);
  const context = findByName(columns, usualNames.context);
  const answer = findByName(columns, usualNames.answer);
  const answerStart = findByName(columns, usualNames.answerStart);
  if (question === undefined || context === undefined || answer === undefined) return undefined;
  return { question, context, answer, ...(answerStart === undefined ? {} : { answerStart }) };
}

/** A better and a worse answer, where both have their names, and the question where there is one. */
function findPreference(columns: readonly string[]): ColumnMapping['roles'] | undefined {
  const chosen = findByName(columns, usualNames.chosen);
  const rejected = findByName(columns, usualNames.rejected);
  if (chosen === undefined || rejected === undefined) return undefined;
  const prompt = findByName(columns, usualNames.prompt);
  return { ...(prompt === undefined ? {} : { prompt }), chosen, rejected };
}

/** Spans, or words with their tags, of texts with marked names. */
function findMarked(columns: readonly string[]): ColumnMapping['roles'] {
  const spans = findByName(columns, usualNames.spans);
  const tokens = findByName(columns, usualNames.tokens);
  const tags = findByName(columns, usualNames.tags);
  return {
    ...(spans === undefined ? {} : { spans }),
    ...(tokens === undefined || tags === undefined ? {} : { tokens, tags }),
  };
}

/** What each column most likely is, by its name in English or Korean, else by what is in it. */
export function suggestMapping(
  columns: readonly string[],
  rows: readonly Readonly<Record<string, string>>[],
): ColumnMapping {
  const splitColumn = findSplitColumn(columns, rows);
  const withSplit = splitColumn === undefined ? {} : { splitColumn };
  const left = columns.filter((column) => column !== splitColumn);
  const question = findQuestion(left);
  if (question !== undefined) return { roles: question, ...withSplit };
  const preference = findPreference(left);
  if (preference !== undefined) return { roles: preference, ...withSplit };
  const prompt = findByName(left, usualNames.prompt);
  const completion = findByName(
    left.filter((column) => column !== prompt),
    usualNames.completion,
  );
  if (prompt !== undefined && completion !== undefined)
    return { roles: { prompt, completion }, ...withSplit };

  // Marked names take the place of labels for whole texts.
  const marked = findMarked(left);
  const isMarked = Object.keys(marked).length > 0;
  const plain = left.filter((column) => !Object.values(marked).includes(column));
  const facts = plain.map((column) => describeColumn(column, rows));
  const longestFirst = facts.toSorted((one, other) => other.averageLength - one.averageLength);
  const label = isMarked
    ? undefined
    : (findByName(plain, usualNames.label) ??
      facts.findLast(
        (column) =>
          looksLikeLabels(column) &&
          column.name !== longestFirst[0]?.name &&
          findByName([column.name], usualNames.textPair) === undefined,
      )?.name);
  const texts = plain.filter((column) => column !== label);
  const text =
    findByName(texts, usualNames.text) ??
    longestFirst.find((column) => column.name !== label && column.filled > 0)?.name;
  const textPair = findByName(
    texts.filter((column) => column !== text),
    usualNames.textPair,
  );
  return {
    roles: {
      ...(text === undefined ? {} : { text }),
      ...(textPair === undefined ? {} : { textPair }),
      ...marked,
      ...(label === undefined ? {} : { label }),
    },
    ...withSplit,
  };
}

/** Everything that is wrong with a mapping for a file with these columns. */
export function checkMapping(mapping: ColumnMapping, columns: readonly string[], file: string): Problem[] {
  const problems: Problem[] = [];
  const { roles, splitColumn } = mapping;
  const uses: [string, string][] = [
    ...Object.entries(roles).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ...(splitColumn === undefined ? [] : [['split', splitColumn] satisfies [string, string]]),
  ];
  const partOf = new Map<string, string>();
  for (const [part, column] of uses) {
    const first = partOf.get(column);
    if (first !== undefined) {
      problems.push(describeProblem('datasets.columnTwice', { column, first, second: part }, 'mapping'));
    }
    partOf.set(column, part);
    if (!columns.includes(column)) {
      const params = { file, column, columns: columns.join(', ') };
      problems.push(describeProblem('datasets.unknownColumn', params, 'mapping'));
    }
  }
  const isEnough = contentRoles.some((set) => set.every((role) => roles[role] !== undefined));
  if (!isEnough) {
    problems.push(describeProblem('datasets.mappingIncomplete', {}, 'mapping'));
  }
  return problems;
}

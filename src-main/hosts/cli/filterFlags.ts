import type { Command } from 'commander';
import { z } from 'zod';
import { splitSchema } from '../../contract/datasets.ts';
import { type RecordFilter, recordStatusSchema } from '../../contract/recordFilter.ts';
import type { LocalizedText } from '../../contract/text.ts';
import { say } from '../language.ts';
import { parseFlag } from './flagValues.ts';

const texts = {
  split: { en: 'only these splits', ko: '이 분할만' },
  label: { en: 'with one of these labels', ko: '이 라벨 가운데 하나가 붙은 것만' },
  text: { en: 'that contain this text', ko: '이 글이 든 것만' },
  synthetic: { en: 'written by a model', ko: '모델이 쓴 것만' },
  people: { en: 'written by people', ko: '사람이 쓴 것만' },
  length: { en: 'characters, FROM..TO', ko: '글자 수 (최소..최대)' },
  status: {
    en: 'of a labelling: pending, draft, labelled or discarded',
    ko: '라벨 작업: pending, draft, labelled, discarded',
  },
  suggestion: { en: 'of a labelling: the label that is suggested', ko: '라벨 작업: 제안된 라벨' },
  score: {
    en: 'of a labelling: probability of the suggestion, 0 to 1, FROM..TO',
    ko: '라벨 작업: 제안의 확률 0~1 (최소..최대)',
  },
  flagged: { en: 'of a labelling: flagged ones only', ko: '라벨 작업: 표시한 것만' },
  noted: { en: 'of a labelling: those with a note only', ko: '라벨 작업: 메모가 있는 것만' },
  disagreeing: {
    en: 'of a labelling: whose label is another than the suggestion',
    ko: '라벨 작업: 라벨이 제안과 다른 것만',
  },
} as const satisfies Record<string, LocalizedText>;

export interface FilterFlags {
  split?: string[];
  label?: string[];
  text?: string;
  synthetic?: boolean;
  length?: string;
  status?: string[];
  suggestion?: string;
  score?: string;
  flagged?: boolean;
  noted?: boolean;
  disagreeing?: boolean;
}

/** Adds the flags of a filter to a verb: of rows, and of records where a labelling can be named. */
export function withFilterFlags(command: Command): Command {
  return command
    .option('--split <split...>', say(texts.split))
    .option('--label <label...>', say(texts.label))
    .option('--text <text>', say(texts.text))
    .option('--synthetic', say(texts.synthetic))
    .option('--no-synthetic', say(texts.people))
    .option('--length <range>', say(texts.length))
    .option('--status <status...>', say(texts.status))
    .option('--suggestion <label>', say(texts.suggestion))
    .option('--score <range>', say(texts.score))
    .option('--flagged', say(texts.flagged))
    .option('--noted', say(texts.noted))
    .option('--disagreeing', say(texts.disagreeing));
}

/** `10..40`, `10..` or `..40`. */
function rangeFrom(
  name: string,
  text: string | undefined,
  verb: string,
): [number | undefined, number | undefined] {
  if (text === undefined) return [undefined, undefined];
  const [from = '', to = text] = text.split('..');
  const read = (part: string) =>
    part === '' ? undefined : parseFlag(name, part, z.coerce.number().min(0), verb);
  return [read(from), read(to)];
}

/** The filter that the flags say, with what was asked for only. */
export function filterFrom(flags: FilterFlags, verb: string): RecordFilter {
  const [minimumLength, maximumLength] = rangeFrom('--length', flags.length, verb);
  const [minimumScore, maximumScore] = rangeFrom('--score', flags.score, verb);
  const { label: labels, text, synthetic, suggestion, flagged, noted, disagreeing } = flags;
  const wanted: RecordFilter = {
    splits: parseFlag('--split', flags.split, z.array(splitSchema).optional(), verb),
    statuses: parseFlag('--status', flags.status, z.array(recordStatusSchema).optional(), verb),
    labels,
    text,
    synthetic,
    suggestion,
    flagged,
    noted,
    disagreeing,
    minimumLength,
    maximumLength,
    minimumScore,
    maximumScore,
  };
  return Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
}

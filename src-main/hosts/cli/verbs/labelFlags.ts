import type { Command } from 'commander';
import { z } from 'zod';
import { TunebenchError } from '../../../contract/errors/index.ts';
import { keyName } from '../../../contract/labelKeys.ts';
import type {
  ActionResult,
  Answer,
  LabelRecord,
  LabellingSummary,
  RecordFilter,
  RecordTarget,
} from '../../../contract/labels.ts';
import { recordStatusSchema } from '../../../contract/labels.ts';
import type { LocalizedText } from '../../../contract/text.ts';
import { say } from '../../language.ts';
import { parseFlag } from '../flagValues.ts';
import type { Session } from '../session.ts';

const texts = {
  status: { en: 'pending, draft, labelled or discarded', ko: 'pending, draft, labelled, discarded' },
  text: { en: 'text the records contain', ko: '레코드에 들어 있는 글' },
  withLabel: { en: 'label the records have', ko: '레코드에 붙은 라벨' },
  suggestion: { en: 'label that is suggested for them', ko: '제안된 라벨' },
  flagged: { en: 'flagged records only', ko: '표시한 레코드만' },
  disagreeing: { en: 'whose label is another than the suggestion', ko: '라벨이 제안과 다른 것만' },
  length: { en: 'characters, FROM..TO', ko: '글자 수 (최소..최대)' },
  score: { en: 'probability of the suggestion, 0 to 1, FROM..TO', ko: '제안의 확률 0~1 (최소..최대)' },
  numbers: { en: 'record numbers, separated by commas', ko: '레코드 번호 (쉼표로 구분)' },
  changed: {
    en: '{count} records changed; {labelled} of {total} labelled.',
    ko: '레코드 {count}개를 바꿨습니다. {total}개 중 {labelled}개 완료.',
  },
} as const satisfies Record<string, LocalizedText>;

export interface FilterFlags {
  status?: string;
  text?: string;
  label?: string;
  suggestion?: string;
  flagged?: boolean;
  disagreeing?: boolean;
  length?: string;
  score?: string;
}
export interface TargetFlags extends FilterFlags {
  numbers?: string;
}

export const listOf = (text: string) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** A flag's value as the contract wants it. */
export const labelFlag = <Value>(name: string, value: unknown, schema: z.ZodType<Value>) =>
  parseFlag(name, value, schema, 'data label');
export const countSchema = z.coerce.number().int().min(0);

/** Adds the flags of a filter to a verb. */
export function withFilterFlags(command: Command): Command {
  return command
    .option('--status <status>', say(texts.status))
    .option('--text <text>', say(texts.text))
    .option('--label <label>', say(texts.withLabel))
    .option('--suggestion <label>', say(texts.suggestion))
    .option('--flagged', say(texts.flagged))
    .option('--disagreeing', say(texts.disagreeing))
    .option('--length <range>', say(texts.length))
    .option('--score <range>', say(texts.score));
}

/** Adds the flags that name records, one by one or by a filter. */
export function withTargetFlags(command: Command): Command {
  return withFilterFlags(command.option('--numbers <list>', say(texts.numbers)));
}

/** `10..40`, `10..` or `..40`. */
function rangeFrom(name: string, text: string | undefined): [number | undefined, number | undefined] {
  if (text === undefined) return [undefined, undefined];
  const [from = '', to = text] = text.split('..');
  const read = (part: string) => (part === '' ? undefined : labelFlag(name, part, z.coerce.number().min(0)));
  return [read(from), read(to)];
}

export function filterFrom(flags: FilterFlags): RecordFilter {
  const [minimumLength, maximumLength] = rangeFrom('--length', flags.length);
  const [minimumScore, maximumScore] = rangeFrom('--score', flags.score);
  const { status, text, label, suggestion, flagged, disagreeing } = flags;
  const wanted: RecordFilter = {
    ...(status === undefined ? {} : { statuses: [labelFlag('--status', status, recordStatusSchema)] }),
    text,
    label,
    suggestion,
    flagged,
    disagreeing,
    minimumLength,
    maximumLength,
    minimumScore,
    maximumScore,
  };
  return Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
}

/** Records named by their numbers, else all that match the filter; nothing at all is no target. */
export function targetFrom(flags: TargetFlags): RecordTarget {
  if (flags.numbers !== undefined) {
    return { numbers: listOf(flags.numbers).map((number) => labelFlag('--numbers', number, countSchema)) };
  }
  const filter = filterFrom(flags);
  if (Object.keys(filter).length === 0) {
    throw new TunebenchError('cli.missingFlag', {
      flag: '--numbers',
      what: say(texts.numbers),
      verb: 'data label',
    });
  }
  return { filter };
}

export const answerWords = (answer: Answer | null) =>
  answer === null ? '–' : answer.kind === 'labels' ? answer.labels.join(', ') : JSON.stringify(answer);

export function describeLabelling(labelling: LabellingSummary): string[] {
  const { id, name, task, byStatus, records, labels } = labelling;
  const keys = labels.map((label) =>
    label.key === null ? label.name : `${keyName(label.key)} ${label.name}`,
  );
  return [id, name, task, `${byStatus.labelled} / ${records}`, keys.join(', ')];
}

export function describeRecord(record: LabelRecord): string[] {
  const text = Object.values(record.fields).join(' · ').replaceAll(/\s+/g, ' ');
  const score = record.score === null ? '' : ` ${Math.round(record.score * 100)} %`;
  return [
    String(record.number),
    record.status,
    answerWords(record.answer),
    `${answerWords(record.suggestion)}${score}`,
    text.length <= 80 ? text : `${text.slice(0, 79)}…`,
  ];
}

export function showResult({ output }: Session, result: ActionResult): void {
  const { byStatus } = result.state;
  const total = Object.values(byStatus).reduce((sum, count) => sum + count, 0);
  output.result(result, () => [
    say(texts.changed, { count: result.changed, labelled: byStatus.labelled, total }),
  ]);
}

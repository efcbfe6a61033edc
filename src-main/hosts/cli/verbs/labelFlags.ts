import type { Command } from 'commander';
import { z } from 'zod';
import { TunebenchError } from '../../../contract/errors/index.ts';
import { keyName } from '../../../contract/labelKeys.ts';
import type {
  ActionResult,
  Answer,
  LabelRecord,
  LabellingSummary,
  RecordTarget,
} from '../../../contract/labels.ts';
import type { LocalizedText } from '../../../contract/text.ts';
import { say } from '../../language.ts';
import { type FilterFlags, filterFrom, withFilterFlags } from '../filterFlags.ts';
import { parseFlag } from '../flagValues.ts';
import type { Session } from '../session.ts';

const texts = {
  numbers: { en: 'record numbers, separated by commas', ko: '레코드 번호 (쉼표로 구분)' },
  changed: {
    en: '{count} records changed; {labelled} of {total} labelled.',
    ko: '레코드 {count}개를 바꿨습니다. {total}개 중 {labelled}개 완료.',
  },
} as const satisfies Record<string, LocalizedText>;

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

/** Adds the flags that name records, one by one or by a filter. */
export function withTargetFlags(command: Command): Command {
  return withFilterFlags(command.option('--numbers <list>', say(texts.numbers)));
}

/** Records named by their numbers, else all that match the filter; nothing at all is no target. */
export function targetFrom(flags: TargetFlags): RecordTarget {
  if (flags.numbers !== undefined) {
    return { numbers: listOf(flags.numbers).map((number) => labelFlag('--numbers', number, countSchema)) };
  }
  const filter = filterFrom(flags, 'data label');
  if (Object.keys(filter).length === 0) {
    throw new TunebenchError('cli.missingFlag', {
      flag: '--numbers',
      what: say(texts.numbers),
      verb: 'data label',
    });
  }
  return { filter };
}

const answerWords = (answer: Answer | null) =>
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

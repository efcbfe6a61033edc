import type { Split } from '../../contract/datasets.ts';
import { type ErrorParams, type Problem, describeProblem } from '../../contract/errors/index.ts';
import type { DatasetHealth, HealthFinding, HealthOptions, RowReference } from '../../contract/health.ts';
import { imbalanceRatio, measureClassBalance } from './classImbalance.ts';
import { findConflictingLabels } from './conflictingLabels.ts';
import { findEncodingDamage } from './encodingDamage.ts';
import { findExactDuplicates } from './exactDuplicates.ts';
import { measureLanguageMix } from './languageMix.ts';
import { findLeakage } from './leakage.ts';
import { findNearDuplicates } from './nearDuplicates.ts';
import { findPersonalData } from './personalData.ts';
import { findEmptyTexts, findLongTexts, histogramOf } from './textLengths.ts';
import { fewestRows, fewestRowsPerLabel, findScarceLabels } from './tooLittleData.ts';

/** A row as it is judged. */
export interface HealthRow extends RowReference {
  readonly text: string;
  /** Undefined where no column is the label. */
  readonly label: string | undefined;
  readonly split: Split;
}

interface Group {
  readonly rows: readonly number[];
  readonly note: string;
}

const strongImbalance = 10;
/** A second script in so large a share of the rows is meant, not stray. */
const meantShare = 0.2;
const noteLength = 80;
const histogramBins = 30;

/** A finding about groups of rows; undefined where there are none. */
function createFinding(
  check: HealthFinding['check'],
  severity: HealthFinding['severity'],
  groups: readonly Group[],
  rows: readonly HealthRow[],
  options: HealthOptions,
  describe: (counts: { rows: number; groups: number }) => Problem,
): HealthFinding[] {
  if (groups.length === 0) return [];
  const concerned = new Set(groups.flatMap((group) => group.rows)).size;
  const refer = (index: number): RowReference[] => {
    const found = rows[index];
    return found === undefined
      ? []
      : [{ row: found.row, ...(found.file === undefined ? {} : { file: found.file }) }];
  };
  return [
    {
      check,
      severity,
      rows: concerned,
      groupCount: groups.length,
      problem: describe({ rows: concerned, groups: groups.length }),
      groups: groups.slice(0, options.listedGroups).map((group) => ({
        rows: group.rows.slice(0, options.listedGroups).flatMap(refer),
        note: group.note,
      })),
    },
  ];
}

/** Rows gathered by what they share, commonest first. */
function groupBy<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  rowOf: (item: Item) => number,
): Group[] {
  const groups = new Map<string, number[]>();
  for (const item of items) {
    const key = keyOf(item);
    const rows = groups.get(key);
    if (rows === undefined) groups.set(key, [rowOf(item)]);
    else rows.push(rowOf(item));
  }
  return [...groups]
    .map(([note, rows]) => ({ note, rows }))
    .sort((one, other) => other.rows.length - one.rows.length);
}

function findLittleData(rows: readonly HealthRow[], options: HealthOptions): HealthFinding[] {
  const training = rows.flatMap(({ split }, index) => (split === 'train' ? [index] : []));
  const { extent } = options;
  const labels = training.flatMap((index) => rows[index]?.label ?? []);
  if (labels.length > 0) {
    const needed = fewestRowsPerLabel[extent];
    const groups = findScarceLabels(labels, extent).map(({ label }) => ({
      note: label,
      rows: training.filter((index) => rows[index]?.label === label),
    }));
    return createFinding('tooLittleData', 'notice', groups, rows, options, (counts) =>
      describeProblem('health.tooLittleData', { ...counts, needed }),
    );
  }
  const needed = fewestRows[extent];
  if (training.length >= needed || training.length === 0) return [];
  const all = [{ note: '', rows: training }];
  return createFinding('tooLittleData', 'notice', all, rows, options, (counts) =>
    describeProblem('health.tooFewRows', { rows: counts.rows, needed }),
  );
}

function findImbalance(rows: readonly HealthRow[], options: HealthOptions): HealthFinding[] {
  const balance = measureClassBalance(rows.flatMap(({ label }) => label ?? []));
  const ratio = imbalanceRatio(balance);
  const [rarest, commonest] = [balance[0], balance.at(-1)];
  if (rarest === undefined || commonest === undefined || ratio < strongImbalance) return [];
  const rare = rows.flatMap(({ label }, index) => (label === rarest.label ? [index] : []));
  const params = {
    rarest: rarest.label,
    least: rarest.count,
    commonest: commonest.label,
    most: commonest.count,
    ratio: Math.round(ratio),
  };
  return createFinding('classImbalance', 'notice', [{ note: rarest.label, rows: rare }], rows, options, () =>
    describeProblem('health.classImbalance', params),
  );
}

function findOtherScripts(
  rows: readonly HealthRow[],
  texts: readonly string[],
  options: HealthOptions,
): HealthFinding[] {
  const mix = measureLanguageMix(texts);
  const judged = mix.scripts.reduce((sum, { rows: found }) => sum + found.length, 0);
  const main = mix.scripts.filter(({ rows: found }) => found.length >= judged * meantShare);
  const stray = mix.scripts
    .filter((script) => !main.includes(script))
    .map(({ script, rows: found }) => ({ note: script, rows: found }));
  const names = main.map(({ script }) => script).join(', ');
  return createFinding('languageMix', 'notice', stray, rows, options, (counts) =>
    describeProblem('health.languageMix', { ...counts, main: names }),
  );
}

/**
 * Looks at every row and says what is wrong, the gravest first. Between the checks `pause` lets other work go on.
 * @param problems rows that could not be read at all
 */
export async function reportHealth(
  rows: readonly HealthRow[],
  problems: readonly (RowReference & { readonly problem: Problem })[],
  options: HealthOptions,
  pause: () => Promise<void> = () => Promise.resolve(),
): Promise<DatasetHealth> {
  const texts = rows.map(({ text }) => text);
  const lengths = texts.map((text) => text.length);
  const splits = rows.map(({ split }) => split);
  const note = (index: number | undefined) => (texts[index ?? 0] ?? '').slice(0, noteLength);
  const withNote = (groups: readonly (readonly number[])[]): Group[] =>
    groups.map((found) => ({ rows: found, note: note(found[0]) }));
  const single = (found: readonly number[]): Group[] =>
    found.map((row) => ({ rows: [row], note: note(row) }));
  const findings: HealthFinding[] = [];
  const add = (
    check: Exclude<HealthFinding['check'], 'unusableRows'>,
    severity: HealthFinding['severity'],
    groups: readonly Group[],
    params: ErrorParams = {},
  ) => {
    findings.push(
      ...createFinding(check, severity, groups, rows, options, (counts) =>
        describeProblem(`health.${check}`, { ...counts, ...params }),
      ),
    );
  };

  if (problems.length > 0) {
    findings.push({
      check: 'unusableRows',
      severity: 'serious',
      rows: problems.length,
      groupCount: problems.length,
      problem: describeProblem('health.unusableRows', { rows: problems.length }),
      groups: problems.slice(0, options.listedGroups).map(({ row, file, problem }) => ({
        rows: [{ row, ...(file === undefined ? {} : { file }) }],
        note: problem.message,
      })),
    });
  }
  const exact = findExactDuplicates(texts);
  await pause();
  const near = findNearDuplicates(texts, { threshold: options.nearDuplicateThreshold });
  await pause();
  add('leakage', 'serious', withNote(findLeakage(near, splits)));
  if (rows.some(({ label }) => label !== undefined)) {
    const conflicts = findConflictingLabels(
      exact,
      rows.map(({ label }) => label ?? ''),
    );
    add('conflictingLabels', 'serious', conflicts.map(({ rows: found, labels }) => ({ rows: found, note: `${labels.join(' / ')}: ${note(found[0])}` }))); // prettier-ignore
  }
  const damage = findEncodingDamage(texts);
  add('encodingDamage', 'serious', groupBy(damage, ({ kind }) => kind, ({ row }) => row)); // prettier-ignore
  await pause();
  const personal = texts.flatMap((text, row) => [...new Set(findPersonalData(text).map(({ kind }) => kind))].map((kind) => ({ kind, row }))); // prettier-ignore
  add('personalData', 'serious', groupBy(personal, ({ kind }) => kind, ({ row }) => row)); // prettier-ignore
  await pause();
  add('exactDuplicates', 'notice', withNote(exact));
  const exactRows = new Map(exact.flatMap((found) => found.map((row) => [row, found])));
  const onlyNear = near.filter((found) => exactRows.get(found[0] ?? -1)?.length !== found.length);
  const percent = Math.round(options.nearDuplicateThreshold * 100);
  add('nearDuplicates', 'notice', withNote(onlyNear), { percent });
  add('emptyTexts', 'serious', single(findEmptyTexts(texts)));
  const limit = options.longTextCharacters;
  add('longTexts', 'notice', single(findLongTexts(lengths, limit)), { limit });
  findings.push(...findImbalance(rows, options), ...findLittleData(rows, options));
  await pause();
  findings.push(...findOtherScripts(rows, texts, options));

  const rowsBySplit = { train: 0, validation: 0, test: 0 };
  for (const split of splits) rowsBySplit[split]++;
  return {
    rows: rows.length,
    rowsBySplit,
    labels: measureClassBalance(rows.flatMap(({ label }) => label ?? [])),
    lengths: histogramOf(lengths, histogramBins),
    findings: findings.sort(
      (one, other) => Number(one.severity === 'notice') - Number(other.severity === 'notice'),
    ),
  };
}

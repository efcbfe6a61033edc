import type { Split } from '../../contract/datasets.ts';
import type { Problem } from '../../contract/errors/index.ts';
import { describeProblem } from '../../contract/errors/index.ts';
import { type DatasetHealth, type HealthFinding, type RowReference, fixesOf } from '../../contract/health.ts';
import { rowChecks, runCheck } from './checks.ts';
import { measureClassBalance } from './classImbalance.ts';
import type { Found, Material, RowCheck } from './material.ts';
import { histogramOf } from './textLengths.ts';

const histogramBins = 30;

function createFinding(check: RowCheck, found: Found, { rows, options }: Material): HealthFinding {
  const { groups, severity } = found;
  const concerned = new Set(groups.flatMap((group) => group.rows)).size;
  const refer = (index: number): RowReference[] => {
    const row = rows[index];
    return row === undefined ? [] : [{ row: row.row, ...(row.file === undefined ? {} : { file: row.file }) }];
  };
  return {
    check,
    severity,
    rows: concerned,
    groupCount: groups.length,
    problem: found.describe({ rows: concerned, groups: groups.length }),
    fixes: [...fixesOf[check]],
    groups: groups.slice(0, options.listedGroups).map(({ rows: members, note, suggestion }) => ({
      rows: members.slice(0, options.listedGroups).flatMap(refer),
      note,
      ...(suggestion === undefined ? {} : { suggestion }),
    })),
  };
}

function describeUnusable(
  problems: readonly (RowReference & { readonly problem: Problem })[],
  listed: number,
): HealthFinding[] {
  if (problems.length === 0) return [];
  return [
    {
      check: 'unusableRows',
      severity: 'serious',
      rows: problems.length,
      groupCount: problems.length,
      problem: describeProblem('health.unusableRows', { rows: problems.length }),
      fixes: [...fixesOf.unusableRows],
      groups: problems.slice(0, listed).map(({ row, file, problem }) => ({
        rows: [{ row, ...(file === undefined ? {} : { file }) }],
        note: problem.message,
      })),
    },
  ];
}

function measureTokens(material: Material): DatasetHealth['tokens'] {
  const counts = material.tokens();
  if (counts === undefined) return null;
  const { maximumTokens } = material.options;
  const lengths = counts.map(({ tokens }) => tokens);
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const words = sum(material.texts.map((text) => text.match(/\S+/g)?.length ?? 0));
  const all = sum(lengths);
  return {
    lengths: histogramOf(lengths, histogramBins),
    maximumTokens,
    truncated: lengths.filter((length) => length > maximumTokens).length,
    unknownShare: sum(counts.map(({ unknown }) => unknown)) / Math.max(1, all),
    perWord: all / Math.max(1, words),
  };
}

/** How often each label occurs, rarest first, in all and in each split. */
function describeLabels({ labels = [], splits }: Material): DatasetHealth['labels'] {
  const counts = new Map<string, Record<Split, number>>();
  labels.forEach((label, row) => {
    const bySplit = counts.get(label) ?? { train: 0, validation: 0, test: 0 };
    bySplit[splits[row] ?? 'train']++;
    counts.set(label, bySplit);
  });
  const none = { train: 0, validation: 0, test: 0 };
  return measureClassBalance(labels).map((balance) => ({
    ...balance,
    bySplit: counts.get(balance.label) ?? none,
  }));
}

/**
 * Looks at every row and says what is wrong, the gravest first.
 * @param problems rows that could not be read at all
 * @param onCheck called after each check with how many are done
 */
export function reportHealth(
  material: Material,
  problems: readonly (RowReference & { readonly problem: Problem })[],
  onCheck: (done: number, total: number) => void = () => undefined,
): DatasetHealth {
  const { rows, splits, lengths, options } = material;
  const findings = describeUnusable(problems, options.listedGroups);
  const names = Object.keys(rowChecks).filter((name): name is RowCheck => Object.hasOwn(rowChecks, name));
  names.forEach((check, index) => {
    const found = runCheck(check, material);
    if (found !== undefined) findings.push(createFinding(check, found, material));
    onCheck(index + 1, names.length);
  });
  const rowsBySplit = { train: 0, validation: 0, test: 0 };
  for (const split of splits) rowsBySplit[split]++;
  return {
    rows: rows.length,
    rowsBySplit,
    labels: describeLabels(material),
    lengths: histogramOf(lengths, histogramBins),
    tokens: measureTokens(material),
    findings: findings.sort(
      (one, other) => Number(one.severity === 'notice') - Number(other.severity === 'notice'),
    ),
  };
}

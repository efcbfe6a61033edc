import type { Split } from '../../contract/datasets.ts';
import type { HealthFix } from '../../contract/health.ts';
import type { Group, HealthRow } from '../health/material.ts';
import { drawUniform } from '../splits.ts';

/** How the texts of a row are rewritten; the same for every row it is done to. */
export type Rewriting = 'mask' | 'repairEncoding' | 'tidy';

/** What a fix does to one row. */
export type RowEdit =
  | { readonly kind: 'remove' }
  | { readonly kind: 'move'; readonly split: Split }
  | { readonly kind: 'relabel'; readonly label: string }
  | { readonly kind: 'rewrite'; readonly how: Rewriting }
  | { readonly kind: 'repeat'; readonly copies: number };

/** Edits by the index of their row. */
export type FixPlan = Map<number, RowEdit>;

/** After resampling, no label has more than so many times the training rows of another. */
const acceptedRatio = 3;
const sampleStream = 0x73616d70;

/** The commonest label of a group; undefined where two are equally common. */
function majorityOf(labels: readonly (string | undefined)[]): string | undefined {
  const counts = new Map<string, number>();
  for (const label of labels) if (label !== undefined) counts.set(label, (counts.get(label) ?? 0) + 1);
  const [first, second] = [...counts].sort(([, one], [, other]) => other - one);
  return first === undefined || first[1] === second?.[1] ? undefined : first[0];
}

function keepOne(plan: FixPlan, { rows: members }: Group, rows: readonly HealthRow[]): void {
  const label = majorityOf(members.map((row) => rows[row]?.label));
  const kept = members.find((row) => rows[row]?.label === label) ?? members[0];
  for (const row of members) if (row !== kept) plan.set(row, { kind: 'remove' });
}

function relabel(plan: FixPlan, row: number, label: string | undefined, rows: readonly HealthRow[]): void {
  if (label !== undefined && rows[row]?.label !== label) plan.set(row, { kind: 'relabel', label });
}

function trainingRowsByLabel(rows: readonly HealthRow[]): number[][] {
  const byLabel = new Map<string, number[]>();
  rows.forEach(({ split, label }, row) => {
    if (split !== 'train' || label === undefined) return;
    const found = byLabel.get(label);
    if (found === undefined) byLabel.set(label, [row]);
    else found.push(row);
  });
  return [...byLabel.values()];
}

function oversample(rows: readonly HealthRow[]): FixPlan {
  const plan: FixPlan = new Map();
  const labels = trainingRowsByLabel(rows);
  const wanted = Math.ceil(Math.max(...labels.map((own) => own.length), 0) / acceptedRatio);
  for (const own of labels) {
    const missing = wanted - own.length;
    if (missing <= 0) continue;
    own.forEach((row, index) => {
      const copies = Math.floor(missing / own.length) + (index < missing % own.length ? 1 : 0);
      if (copies > 0) plan.set(row, { kind: 'repeat', copies });
    });
  }
  return plan;
}

function undersample(rows: readonly HealthRow[]): FixPlan {
  const plan: FixPlan = new Map();
  const labels = trainingRowsByLabel(rows);
  const wanted = Math.min(...labels.map((own) => own.length)) * acceptedRatio;
  for (const own of labels) {
    const drawn = own
      .map((row) => ({ row, draw: drawUniform(0, sampleStream, row) }))
      .sort((one, other) => one.draw - other.draw || one.row - other.row);
    for (const { row } of drawn.slice(wanted)) plan.set(row, { kind: 'remove' });
  }
  return plan;
}

/** What a fix does to the rows of these groups, row by row. The same rows and groups give the same plan. */
export function planFix(fix: HealthFix, groups: readonly Group[], rows: readonly HealthRow[]): FixPlan {
  if (fix === 'oversample') return oversample(rows);
  if (fix === 'undersample') return undersample(rows);
  const plan: FixPlan = new Map();
  for (const group of groups) {
    switch (fix) {
      case 'keepOne':
        keepOne(plan, group, rows);
        break;
      case 'moveToTraining':
        for (const row of group.rows)
          if (rows[row]?.split !== 'train') plan.set(row, { kind: 'move', split: 'train' });
        break;
      case 'removeRows':
        for (const row of group.rows) plan.set(row, { kind: 'remove' });
        break;
      case 'majorityLabel': {
        const label = majorityOf(group.rows.map((row) => rows[row]?.label));
        for (const row of group.rows) relabel(plan, row, label, rows);
        break;
      }
      case 'predictedLabel':
        for (const row of group.rows) relabel(plan, row, group.suggestion, rows);
        break;
      case 'mask':
      case 'repairEncoding':
      case 'tidy':
        for (const row of group.rows) plan.set(row, { kind: 'rewrite', how: fix });
        break;
      default:
        fix satisfies never;
    }
  }
  return plan;
}

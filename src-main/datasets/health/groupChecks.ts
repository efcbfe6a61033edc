import { describeProblem } from '../../contract/errors/index.ts';
import { findConflictingLabels } from './conflictingLabels.ts';
import { findLeakage } from './leakage.ts';
import { type Check, noteOf, withNotes } from './material.ts';

export const checkExactDuplicates: Check = (material) => ({
  severity: 'notice',
  groups: withNotes(material, material.exact()),
  describe: (counts) => describeProblem('health.exactDuplicates', counts),
});

/** Groups that hold more than one text: those of a single text are exact duplicates. */
export const checkNearDuplicates: Check = (material) => {
  const exactSizes = new Map(material.exact().flatMap((rows) => rows.map((row) => [row, rows.length])));
  const percent = Math.round(material.options.nearDuplicateThreshold * 100);
  return {
    severity: 'notice',
    groups: withNotes(
      material,
      material.near().filter((rows) => exactSizes.get(rows[0] ?? -1) !== rows.length),
    ),
    describe: (counts) => describeProblem('health.nearDuplicates', { ...counts, percent }),
  };
};

export const checkLeakage: Check = (material) => ({
  severity: 'serious',
  groups: withNotes(material, findLeakage(material.near(), material.splits)),
  describe: (counts) => describeProblem('health.leakage', counts),
});

export const checkConflictingLabels: Check = (material) => {
  if (material.labels === undefined) return undefined;
  return {
    severity: 'serious',
    groups: findConflictingLabels(material.exact(), material.labels).map(({ rows, labels }) => ({
      rows,
      note: `${labels.join(' / ')}: ${noteOf(material, rows[0])}`,
    })),
    describe: (counts) => describeProblem('health.conflictingLabels', counts),
  };
};

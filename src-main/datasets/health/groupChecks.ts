import { describeProblem } from '../../contract/errors/index.ts';
import { groupsByName } from '../groupsByName.ts';
import { findConflictingLabels } from './conflictingLabels.ts';
import { findLeakage } from './leakage.ts';
import { type Check, noteOf, singly, withNotes } from './material.ts';

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
  groups: withNotes(
    material,
    findLeakage(
      [...material.near(), ...groupsByName(material.rows, ({ families = [] }) => families)],
      material.splits,
    ),
  ),
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

/** Serious where rows of a model decide how good another one seems. */
export const checkSyntheticRows: Check = (material) => {
  const written = material.rows.flatMap(({ synthetic = false }, row) => (synthetic ? [row] : []));
  const outside = written.filter((row) => material.splits[row] !== 'train').length;
  const all = material.rows.length;
  return {
    severity: outside > 0 ? 'serious' : 'notice',
    groups: singly(material, written),
    describe: ({ rows }) =>
      describeProblem('health.syntheticRows', {
        rows,
        all,
        percent: Math.round((rows / Math.max(1, all)) * 1000) / 10,
        outside,
      }),
  };
};

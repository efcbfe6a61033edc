/** Where the time of a row's steps goes in this engine. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runOwn } from './programs.mjs';
import { withWorkFolder } from './workFolder.mjs';

/** Enough for figures that hold, few enough for the slow rows. @param {import('./rows.mjs').TrainingRow} row */
const stepsOf = ({ windowSteps }) => Math.max(2, 4 * windowSteps);

/**
 * @param {import('./rows.mjs').TrainingRow} row @param {'fp32' | 'bf16'} precision
 * @returns {Promise<string>} a line for each kind of operation, the most expensive first
 */
export function profileRow(row, precision) {
  return withWorkFolder(async (folder) => {
    const planPath = join(folder, 'plan.json');
    const plan = {
      ...row.work,
      startMethod: null,
      row: row.id,
      maximumSteps: 0,
      seed: 0,
      workFolder: folder,
    };
    writeFileSync(planPath, JSON.stringify(plan));
    await runOwn('prepare', planPath);
    const name = precision === 'fp32' ? 'float32' : 'bfloat16';
    const steps = String(stepsOf(row));
    return runOwn('profile', '--plan', planPath, '--precision', name, '--steps', steps);
  });
}

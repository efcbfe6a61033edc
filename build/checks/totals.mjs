/** Adding up what passed and what failed. */

/** @typedef {{ passed: number, failed: number, skipped: number }} Totals */

/** @type {Totals} */
export const noTotals = { passed: 0, failed: 0, skipped: 0 };

/** @param {Totals} first @param {Totals} second @returns {Totals} */
export function addTotals(first, second) {
  return {
    passed: first.passed + second.passed,
    failed: first.failed + second.failed,
    skipped: first.skipped + second.skipped,
  };
}

/**
 * Counts vitest's report. A file that could not be loaded, a missing report and an exit code without a failed test
 * are failures too.
 * @param {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number, testResults: { status: string, assertionResults: unknown[] }[] } | null} report
 * @param {number} exitCode
 * @returns {Totals}
 */
export function countTests(report, exitCode) {
  if (!report) return { passed: 0, failed: 1, skipped: 0 };
  const brokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  );
  const failed = report.numFailedTests + brokenFiles.length;
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && exitCode !== 0 ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** @param {Totals} totals @returns {string} */
export function totalsLine({ passed, failed }) {
  return `${passed} passed, ${failed} failed`;
}

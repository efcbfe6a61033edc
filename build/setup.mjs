/**
 * Makes a checkout ready to run: packages, Node 24, TensorFlow. Needs no package itself and runs on Node 18 or newer.
 *
 * `node build/setup.mjs [--quiet] [--cuda]`
 */
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { stopCommands } from './setup/command.mjs';
import { takeLock } from './setup/lock.mjs';
import { SetupError, inTerminal, message, standalone } from './setup/messages.mjs';
import { majorOf } from './setup/nodeRuntime.mjs';
import { projectPaths, projectRoot } from './setup/paths.mjs';
import { progressOn } from './setup/progress.mjs';
import { readRecord } from './setup/record.mjs';
import { setupSteps, stepsToDo } from './setup/steps.mjs';

const oldestNode = 18;

/**
 * Does what is still to do, telling so on the stream; says nothing where nothing is.
 * @param {{ cuda?: boolean, retry?: boolean, report?: boolean, stream?: NodeJS.WriteStream }} [options]
 *   `retry`: try again for a better backend than the one set up; `report`: tell the outcome even where nothing was to
 *   do; `stream`: where progress goes
 * @returns {Promise<import('./setup/record.mjs').SetupRecord>}
 * @throws {SetupError} where the workbench cannot run at all
 */
export async function setUp({ cuda = false, retry = false, report = false, stream = process.stderr } = {}) {
  if (majorOf(process.version) < oldestNode) throw new SetupError('nodeTooOld', { found: process.version });
  const paths = projectPaths(projectRoot);
  const interactive = process.stdin.isTTY === true && stream.isTTY === true;
  const steps = setupSteps(paths, { cuda, retry, interactive });
  const progress = progressOn(stream);
  const hasWork = stepsToDo(steps).length > 0;
  if (hasWork) {
    const release = await takeLock(paths.setupLock, (pid) => progress.line(message('waiting', { pid })));
    // What was under way fails as interrupted and clears up after itself.
    const stop = () => stopCommands();
    process.once('SIGINT', stop).once('SIGTERM', stop);
    try {
      for (const step of stepsToDo(steps)) if (!step.isDone()) await step.run(progress);
    } finally {
      process.off('SIGINT', stop).off('SIGTERM', stop);
      release();
    }
  }
  const record = readRecord(paths);
  if (!record) throw new Error(`set-up finished without ${paths.record}`);
  if (hasWork && record.cuda && record.cudaReason) {
    progress.line(message('cudaFailed', { reason: inTerminal(record.cudaReason) }));
  }
  if (hasWork) progress.line(outcomeLine(record));
  else if (report) progress.line(reportLine(record));
  return record;
}

/** @param {import('./setup/record.mjs').SetupRecord} record */
function outcomeLine(record) {
  if (record.backend === 'portable') return message('portable');
  return message('ready', {
    version: record.libraryVersion ?? '',
    device: record.cuda && !record.cudaReason ? message('onGpu') : '',
  });
}

/** @param {import('./setup/record.mjs').SetupRecord} record */
function reportLine(record) {
  return record.backend === 'portable'
    ? message('portableBecause', { reason: record.reason ? inTerminal(record.reason) : '' })
    : outcomeLine(record);
}

/**
 * Set-up for a program: a failure is printed and ends the process.
 * @param {Parameters<typeof setUp>[0]} [options]
 */
export async function setUpOrExit(options) {
  try {
    return await setUp(options);
  } catch (error) {
    process.stderr.write(
      `${error instanceof SetupError ? standalone(error.message) : describeMistake(error)}\n`,
    );
    return process.exit(error instanceof SetupError && error.code === 'interrupted' ? 130 : 1);
  }
}

/** @param {unknown} error */
function describeMistake(error) {
  return error instanceof Error ? error.stack : String(error);
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const flags = process.argv.slice(2);
  const quiet = flags.includes('--quiet');
  await setUpOrExit({ cuda: flags.includes('--cuda'), retry: !quiet, report: !quiet });
}

/**
 * `npm start`: sets up, builds the interface where it changed, and opens the workbench in a window, or as a web server
 * where there is no window to open. `--server` asks for the server; other arguments go to the program.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { electronBundle, ensureBundle, rendererBundle } from './launch/bundle.mjs';
import { runInForeground } from './launch/forward.mjs';
import { chooseShell, electronBinary, fetchElectron, hasDisplay } from './launch/shell.mjs';
import { setUpOrExit } from './setup.mjs';
import { stopCommands } from './setup/command.mjs';
import { message } from './setup/messages.mjs';
import { nodeCommand } from './setup/nodeRuntime.mjs';
import { projectPaths, projectRoot } from './setup/paths.mjs';
import { progressOn } from './setup/progress.mjs';

const serverProgram = join(projectRoot, 'src-main', 'hosts', 'server', 'main.ts');
const electronSources = join(projectRoot, 'src-main', 'hosts', 'electron', 'main.ts');

/** @param {string[]} commandArguments @returns {Promise<number>} the exit code */
async function start(commandArguments) {
  const serverWanted = commandArguments.includes('--server');
  const passedOn = commandArguments.filter((argument) => argument !== '--server');
  await setUpOrExit();
  const progress = progressOn(process.stderr);
  const node = nodeCommand(projectPaths(projectRoot));
  const shell = await prepareShell(serverWanted, node, progress);
  if (shell.kind === 'window') {
    return runInForeground(shell.binary, [projectRoot, ...passedOn], {
      env: { ...process.env, TUNEBENCH_NODE: node },
    });
  }
  if (shell.reason) progress.line(message('serverInstead', { reason: shell.reason }));
  return runInForeground(node, [serverProgram, ...passedOn]);
}

/** @param {boolean} serverWanted @param {string} node @param {import('./setup/progress.mjs').Progress} progress */
async function prepareShell(serverWanted, node, progress) {
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    const display = hasDisplay(process) && existsSync(electronSources);
    if (display && !serverWanted && !electronBinary(projectRoot, process.env)) {
      await fetchElectron(projectRoot, node, progress);
    }
    const shell = chooseShell({ serverWanted, display, binary: electronBinary(projectRoot, process.env) });
    const bundle = shell.kind === 'window' ? electronBundle : rendererBundle;
    await ensureBundle(projectRoot, node, bundle, progress);
    return shell;
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}

function stop() {
  stopCommands();
  process.exit(130);
}

try {
  process.exitCode = await start(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}

/** Continues a program under the project's own Node. */
import { setUpOrExit } from '../setup.mjs';
import { majorOf, nodeCommand, requiredMajor } from '../setup/nodeRuntime.mjs';
import { projectPaths, projectRoot } from '../setup/paths.mjs';
import { runInForeground } from './forward.mjs';

/**
 * Sets up, then runs the program again under Node 24 where the running one is older.
 * @param {string} program its path
 * @returns {Promise<string>} the Node to run further programs with; does not return where the program ran again
 */
export async function continueUnderNode24(program) {
  await setUpOrExit();
  const node = nodeCommand(projectPaths(projectRoot));
  if (majorOf(process.version) >= requiredMajor) return node;
  return process.exit(await runInForeground(node, [program, ...process.argv.slice(2)]));
}

/** `npm run tunebench -- <verb>`: the workbench from the terminal. Set-up speaks only on stderr, and only when it works. */
import { join } from 'node:path';
import { runInForeground } from './launch/forward.mjs';
import { setUpOrExit } from './setup.mjs';
import { nodeCommand } from './setup/nodeRuntime.mjs';
import { projectPaths, projectRoot } from './setup/paths.mjs';

await setUpOrExit();
const program = join(projectRoot, 'src-main', 'hosts', 'cli', 'main.ts');
// Paths among the arguments are relative to where the person stands, which npm keeps in INIT_CWD.
const cwd = process.env.INIT_CWD ?? process.cwd();
process.exitCode = await runInForeground(
  nodeCommand(projectPaths(projectRoot)),
  [program, ...process.argv.slice(2)],
  { cwd },
);

/** `npm run check`: the quick part of the tests, everything but running the product. `npm run check lint types` runs two. */
import { fileURLToPath } from 'node:url';
import { continueUnderNode24 } from './launch/underNode24.mjs';
import { projectRoot } from './setup/paths.mjs';

const node = await continueUnderNode24(fileURLToPath(import.meta.url));
const { checkParts } = await import('./checks/parts.mjs');
const { runParts } = await import('./checks/runParts.mjs');

const wanted = process.argv.slice(2);
const parts = checkParts(projectRoot, node).filter(
  (part) => wanted.length === 0 || wanted.includes(part.name),
);
const results = await runParts(parts, (line) => console.log(line));
const failed = results.filter((result) => result.problems).length;
console.log(`\n${results.length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

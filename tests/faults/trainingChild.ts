import { readFileSync } from 'node:fs';
import { trainJobSchema } from '../../src-main/contract/worker.ts';
import { createTrainingControl, runTraining } from '../../src-main/engine/index.ts';
import { createEngineFiles } from '../../src-main/platform/engineFiles.ts';
import { type FileSystem, nodeFileSystem } from '../../src-main/platform/fileSystem.ts';
import { loadTestBackend } from '../unit/engine/testBackend.ts';
import { countingFileSystem } from './countingFileSystem.ts';

/**
 * Trains the job in the file named first, and kills itself the hard way: at the n-th event (`event:n`) or at the n-th
 * change to the disk (`change:n`), where the name second says.
 */
const [, , jobPath = '', fatal = ''] = process.argv;
const [kind, count] = fatal.split(':');
const die = () => process.kill(process.pid, 'SIGKILL');

let changes = 0;
const fileSystem: FileSystem = countingFileSystem(nodeFileSystem, () => {
  changes++;
  if (kind === 'change' && changes === Number(count)) die();
});
let events = 0;
await runTraining({
  job: trainJobSchema.parse(JSON.parse(readFileSync(jobPath, 'utf8'))),
  backend: await loadTestBackend(),
  files: createEngineFiles(fileSystem),
  control: createTrainingControl(),
  memory: { currentBytes: () => 0, peakBytes: () => 0 },
  emit() {
    events++;
    if (kind === 'event' && events === Number(count)) die();
  },
});

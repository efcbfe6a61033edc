import { parseArgs } from 'node:util';
import { loadPredictor } from '../../src-main/engine/index.ts';
import { createEngineFiles } from '../../src-main/platform/engineFiles.ts';
import { generationOptionsSchema } from '../../src-main/contract/worker.ts';
import { loadBenchBackend } from './benchBackend.ts';
import { peakMemoryBytes, report, waitForTurn } from './gate.ts';

/**
 * This engine's side of a generation row: `generate.ts --model DIR --batch 8 --prompt 16`. Each turn writes that many new
 * tokens for every prompt, the likeliest ones.
 */
const { values: flags } = parseArgs({
  options: {
    model: { type: 'string', default: '' },
    batch: { type: 'string', default: '1' },
    prompt: { type: 'string', default: '16' },
  },
});
const backend = await loadBenchBackend();
const predictor = loadPredictor({
  model: { modelFolder: flags.model, task: 'causalLm' },
  backend,
  files: createEngineFiles(),
});
const length = Number(flags.prompt);
const prompts = Array.from({ length: Number(flags.batch) }, (_, row) =>
  Array.from({ length }, (_, column) => String.fromCharCode(97 + ((row * length + column) % 26))).join(''),
);

report({ ready: true });
for (;;) {
  const turn = waitForTurn();
  const maximumNewTokens = turn.kind === 'steps' ? turn.count : 1;
  const options = generationOptionsSchema.parse({ maximumNewTokens });
  const startMs = performance.now();
  for (const _ of predictor.generateAll(prompts, options));
  report({ milliseconds: performance.now() - startMs, losses: [], peakMemoryBytes: peakMemoryBytes() });
}

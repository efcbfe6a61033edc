import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createTrainingControl, runTraining } from '../../src-main/engine/index.ts';
import { createEngineFiles } from '../../src-main/platform/engineFiles.ts';
import { loadTestBackend, projectRoot } from '../unit/engine/testBackend.ts';
import { rowsOf } from './data.ts';
import { type BenchPlan, jobOf, placesOf } from './plan.ts';

it('no step of a run leaves a tensor behind', async () => {
  const workFolder = mkdtempSync(join(tmpdir(), 'tunebench-bench-'));
  const plan: BenchPlan = {
    row: 'steady',
    task: 'causalLm',
    model: {
      kind: 'folder',
      folder: join(projectRoot, 'resources', 'samples', 'models', 'tiny-decoder'),
      dropout: true,
    },
    data: { kind: 'instructions', rows: 60 },
    method: { id: 'lora', options: { rank: 2, targets: ['all-linear'] } },
    startMethod: null,
    maximumLength: 128,
    batchSize: 2,
    accumulation: 2,
    learningRate: 1e-3,
    training: {},
    epochs: 4,
    maximumSteps: 0,
    seed: 0,
    workFolder,
  };
  const backend = await loadTestBackend();
  const counts: number[] = [];
  try {
    const rows = rowsOf(plan.data, plan.seed);
    writeFileSync(placesOf(plan).data, rows.map((row) => JSON.stringify(row)).join('\n'));
    await runTraining({
      job: jobOf(plan, plan.method, 'float32'),
      backend,
      files: createEngineFiles(),
      control: createTrainingControl(),
      memory: { currentBytes: () => 0, peakBytes: () => 0 },
      emit(event) {
        if (event.event === 'stepped') counts.push(backend.liveHandles);
      },
    });
  } finally {
    rmSync(workFolder, { recursive: true });
  }
  expect(counts).toHaveLength(60);
  expect(new Set(counts).size).toBe(1);
});

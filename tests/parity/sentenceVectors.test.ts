import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import {
  createTrainingControl,
  loadPredictor,
  mergeModel,
  runTraining,
} from '../../src-main/engine/index.ts';
import { createEngineFiles } from '../../src-main/platform/engineFiles.ts';
import { loadTestBackend } from '../unit/engine/testBackend.ts';
import { writeTinyModel } from '../unit/engine/train/tinyProject.ts';
import { python, pythonIsRequired, runReference } from './python.ts';

const pairs = [
  ['the kettle', 'turn'],
  ['please', 'where does the garden'],
] as const;

/** Trains a LoRA for a few steps on pairs of texts, below `folder`/`name`. */
async function trainPairs(folder: string, name: string, kind: 'bert' | 'llama') {
  const home = join(folder, name);
  mkdirSync(home, { recursive: true });
  const dataFile = join(home, 'data.jsonl');
  const lines = pairs.flatMap(([text, textPair]) =>
    Array.from({ length: 4 }, () => JSON.stringify({ split: 'train', text, textPair })),
  );
  writeFileSync(dataFile, `${lines.join('\n')}\n`);
  const modelFolder = writeTinyModel(join(home, 'base'), kind);
  // As transformers spells it; by itself it would look for the architecture's own kind of tokenizer.
  const configFile = join(modelFolder, 'tokenizer_config.json');
  const config: unknown = JSON.parse(readFileSync(configFile, 'utf8'));
  const spelled = {
    tokenizer_class: 'PreTrainedTokenizerFast',
    ...(kind === 'llama' ? { eos_token: '</s>' } : {}),
  };
  const named = Object.assign({}, config, spelled);
  writeFileSync(configFile, JSON.stringify(named));
  const runFolder = join(home, 'run');
  const backend = await loadTestBackend();
  const files = createEngineFiles();
  await runTraining({
    job: {
      runId: name,
      config: {
        modelId: kind,
        datasetId: 'pairs',
        task: 'sentenceEmbedding',
        objective: {},
        method: { id: 'lora', options: { rank: 4, dropout: 0, targets: ['all-linear'] } },
        training: { learningRate: 2e-2, epochs: 4, batchSize: 4, seed: 1 },
      },
      modelFolder,
      dataFile,
      runFolder,
      resume: false,
    },
    backend,
    files,
    control: createTrainingControl(),
    memory: { currentBytes: () => 1, peakBytes: () => 1 },
    emit: () => undefined,
  });
  const model = { modelFolder, trainedFolder: join(runFolder, 'result'), task: 'sentenceEmbedding' as const };
  mergeModel({ model, targetFolder: join(home, 'merged'), backend, files });
  const predictor = loadPredictor({ model, backend, files });
  const found = predictor
    .predict(pairs.map(([text, textPair]) => ({ text, textPair })))
    .map((prediction) => (prediction.form === 'similarity' ? prediction.value : NaN));
  predictor.dispose();
  return found;
}

it.runIf(python !== undefined || pythonIsRequired)(
  'sentence-transformers and PEFT load what is written here and find the same cosines',
  { timeout: 300_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tunebench-vectors-'));
    try {
      const expected: Record<string, readonly number[]> = {};
      const jobs: object[] = [];
      for (const [kind, pooling] of [
        ['bert', 'mean'],
        ['llama', 'last'],
      ] as const) {
        const cosines = await trainPairs(folder, kind, kind);
        jobs.push({ name: `${kind} merged`, pairs, model: `${kind}/merged` });
        jobs.push({
          name: `${kind} adapter`,
          pairs,
          base: `${kind}/base`,
          adapter: `${kind}/run/result`,
          pooling,
        });
        expected[`${kind} merged`] = cosines;
        expected[`${kind} adapter`] = cosines;
      }
      writeFileSync(join(folder, 'jobs.json'), JSON.stringify(jobs));
      runReference('sentence_vectors.py', folder);
      const found = JSON.parse(readFileSync(join(folder, 'cosines.json'), 'utf8')) as Record<
        string,
        number[]
      >;
      for (const [name, cosines] of Object.entries(expected)) {
        expect(Math.abs((cosines[0] ?? 0) - (cosines[1] ?? 0)), name).toBeGreaterThan(1e-3);
        cosines.forEach((cosine, index) => expect(found[name]?.[index], name).toBeCloseTo(cosine, 4));
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { scope } from '../../src-main/engine/autodiff/scope.ts';
import type { Backend } from '../../src-main/engine/backend/backend.ts';
import { loadAdapter } from '../../src-main/engine/formats/peftAdapter.ts';
import { searchGenome } from '../../src-main/engine/methods/noah/search.ts';
import { type Genome, encodeGenome } from '../../src-main/engine/methods/noah/space.ts';
import { loadModel } from '../../src-main/engine/models/load.ts';
import { loadTestBackend } from '../unit/engine/testBackend.ts';
import { expectLogits } from './closeness.ts';
import { computeLogits, visibleRows } from './recordedSteps.ts';
import { batchOf, readRecording, recorded, recordedFiles, recordedFolder } from './recordings.ts';

// Expected numbers: tests/reference/noah.py, from the paper's equations.

let backend: Backend;
let handlesBefore = 0;
beforeAll(async () => {
  backend = await loadTestBackend();
  handlesBefore = backend.liveHandles;
});
afterAll(() => expect(backend.liveHandles).toBe(handlesBefore));

describe.each([
  { kind: 'bert', task: 'classification' },
  { kind: 'gpt2', task: 'causalLm' },
] as const)('a sub-network on $kind', ({ kind, task }) => {
  it('computes what the equations say', () => {
    const files = recordedFiles(kind, `noah/${kind}`);
    const labels = ['a', 'b', 'c'];
    const model = loadModel({ files, folder: kind, backend, task, seed: 0, labels });
    const attached = loadAdapter(files, `noah/${kind}`, model);
    const recording = readRecording(join(recordedFolder, 'noah', kind, 'logits.safetensors'));
    scope(() => {
      const batch = batchOf(backend, recording);
      const logits = computeLogits(model, batch, task).values();
      const expected = recorded(recording, 'logits').values;
      expectLogits(visibleRows(logits, batch, task), visibleRows(expected, batch, task), kind);
    });
    attached.detach();
    model.dispose();
  });
});

const searchSchema = z.object({
  space: z.object({
    blocks: z.number(),
    depths: z.array(z.number()),
    promptSizes: z.array(z.number()),
    sizes: z.array(z.number()),
  }),
  plan: z.object({
    population: z.number(),
    parents: z.number(),
    mutations: z.number(),
    crossovers: z.number(),
    generations: z.number(),
  }),
  limit: z.number(),
  winner: z.array(z.number()),
  measured: z.array(z.array(z.number())),
});

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

describe('the search', () => {
  const path = join(recordedFolder, 'noah', 'search.json');
  const { space, plan, limit, winner, measured } = searchSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  const cost = ({ prompt, ranks, widths }: Genome) => 3 * prompt + 2 * sum(ranks) + 5 * sum(widths);
  const fitness = ({ prompt, ranks, widths }: Genome) =>
    sum(ranks.map((rank, index) => (index + 1) * rank)) - 0.5 * sum(widths) + ((prompt * 7) % 5);
  const makeDraw = () => {
    let state = 12345;
    return () => {
      state = (Math.imul(1664525, state) + 1013904223) >>> 0;
      return state / 2 ** 32;
    };
  };

  it('measures the same candidates in the same order, and finds the same winner', async () => {
    const seen: number[][] = [];
    const found = await searchGenome({
      space,
      plan,
      draw: makeDraw(),
      fits: (genome) => cost(genome) <= limit,
      measure(genome) {
        seen.push(encodeGenome(genome));
        return Promise.resolve(fitness(genome));
      },
    });
    expect(seen).toEqual(measured);
    expect(found && encodeGenome(found)).toEqual(winner);
  });

  it('ends without a result where measuring is ended, or nothing keeps to the budget', async () => {
    const end = { space, plan, draw: makeDraw(), fits: () => true, measure: () => Promise.resolve(null) };
    expect(await searchGenome(end)).toBeNull();
    expect(await searchGenome({ ...end, fits: () => false })).toBeNull();
  });
});

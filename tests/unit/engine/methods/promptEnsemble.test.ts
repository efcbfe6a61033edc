import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkOptions } from '../../../../src-main/contract/options.ts';
import { keep, scope } from '../../../../src-main/engine/autodiff/scope.ts';
import { backpropagate } from '../../../../src-main/engine/autodiff/tape.ts';
import type { Parameter, Tensor } from '../../../../src-main/engine/autodiff/tensor.ts';
import type { Backend } from '../../../../src-main/engine/backend/backend.ts';
import type { Attached } from '../../../../src-main/engine/methods/method.ts';
import { promptEnsemble } from '../../../../src-main/engine/methods/promptEnsemble/attach.ts';
import { promptTuning } from '../../../../src-main/engine/methods/promptTuning/attach.ts';
import { loadModel } from '../../../../src-main/engine/models/load.ts';
import type { Model } from '../../../../src-main/engine/models/model.ts';
import {
  choices,
  forEachMember,
  joinMembers,
  probabilities,
} from '../../../../src-main/engine/objectives/members.ts';
import { crossEntropy, indicesFrom } from '../../../../src-main/engine/ops/index.ts';
import { largestGap } from '../../../parity/closeness.ts';
import { batchOf, readRecording, recordedFiles, recordedFolder } from '../../../parity/recordings.ts';
import { loadTestBackend } from '../testBackend.ts';

let backend: Backend;
let handles: number;
beforeAll(async () => {
  backend = await loadTestBackend();
  handles = backend.liveHandles;
});
afterAll(() => expect(backend.liveHandles).toBe(handles));

const pass = { training: true, random: { seed: 0, next: () => 0 } };
const targets = [2, 0, 1];
const optionsOf = (choose: string) =>
  checkOptions(promptEnsemble.spec.options, { members: 3, virtualTokens: 2, choose }, '').values;

/** Logits, loss and gradients of one batch. */
function compute(model: Model, { trainable }: Attached) {
  let logits: number[] = [];
  let joint: number[] = [];
  let classes: number[] = [];
  const recording = readRecording(join(recordedFolder, model.modelType, 'classification.full.safetensors'));
  const loss = scope(() => {
    const batch = batchOf(backend, recording);
    return backpropagate(trainable, () => {
      const found: Tensor = model.classify(model.encode(batch, pass), batch, pass);
      logits = Array.from(found.values());
      joint = probabilities(model, found);
      classes = choices(model, found);
      return crossEntropy(found, indicesFrom(backend, forEachMember(model, targets)));
    });
  });
  const gradientOf = ({ gradient }: Parameter) => Array.from(gradient?.values() ?? []);
  const gradients = new Map(trainable.map((parameter) => [parameter.name, gradientOf(parameter)]));
  for (const parameter of trainable) parameter.clearGradient();
  return { logits, joint, classes, loss, gradients };
}

it.each(['bert', 'gpt2'] as const)('%s: each prompt computes and learns as if it were alone', (modelType) => {
  const files = recordedFiles(modelType);
  const load = () => loadModel({ files, folder: modelType, backend, task: 'classification', seed: 1 });
  const model = load();
  const together = promptEnsemble.attach(model, optionsOf('mean'), 3);
  const ensemble = compute(model, together);
  const tables = [...together.added.values()];
  expect(new Set(tables.map((table) => Array.from(table.value.values()).join())).size).toBe(3);

  const other = load();
  const options = checkOptions(promptTuning.spec.options, { virtualTokens: 2 }, '').values;
  const one = promptTuning.attach(other, options, 3);
  const [table] = one.added.values();
  const size = ensemble.logits.length / 3;
  const alone = tables.map(({ value, name }, member) => {
    table?.assign(keep(value.alias()));
    const found = compute(other, one);
    const own = ensemble.logits.slice(member * size, (member + 1) * size);
    expect(largestGap(own, found.logits)).toBeLessThan(1e-5);
    const gradient = found.gradients.get('prompt_embeddings') ?? [];
    const shared = (ensemble.gradients.get(name) ?? []).map((value) => 3 * value);
    expect(largestGap(shared, gradient)).toBeLessThan(1e-6);
    return found;
  });
  expect(alone.reduce((sum, { loss }) => sum + loss / 3, 0)).toBeCloseTo(ensemble.loss, 5);
  const mean = ensemble.joint.map((_, place) =>
    alone.reduce((sum, { joint }) => sum + Number(joint[place]) / 3, 0),
  );
  expect(largestGap(ensemble.joint, mean)).toBeLessThan(1e-6);
  expect(ensemble.classes).toHaveLength(targets.length);
  for (const attached of [one, together]) attached.detach();
  for (const loaded of [other, model]) loaded.dispose();
});

describe('the answer of several', () => {
  const members = [
    [0.6, 0.3, 0.1],
    [0.4, 0.35, 0.25],
    [0.0, 0.9, 0.1],
  ];

  it('is the mean', () => {
    const mean = joinMembers(members, 'mean');
    expect(largestGap(mean, [1 / 3, 1.55 / 3, 0.15])).toBeLessThan(1e-9);
  });

  it('or what most of them vote for', () => {
    const votes = joinMembers(members, 'vote');
    expect(votes.indexOf(Math.max(...votes))).toBe(0);
    expect(votes[0]).toBeCloseTo(2 / 3, 2);
    expect(votes.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 9);
  });

  it('and where votes are equal, the mean decides', () => {
    const votes = joinMembers([members[0] ?? [], members[2] ?? []], 'vote');
    expect(votes.indexOf(Math.max(...votes))).toBe(1);
  });
});

import { backpropagate } from '../../src-main/engine/autodiff/tape.ts';
import { type NamedStream, namedStream, shuffledOrder } from '../../src-main/engine/data/random.ts';
import type { Model } from '../../src-main/engine/models/model.ts';
import { AdamW } from '../../src-main/engine/optim/adamw.ts';
import { clipFactor, measureGradientNorm } from '../../src-main/engine/optim/clip.ts';
import { countWarmupSteps, learningRateFactor } from '../../src-main/engine/optim/schedules.ts';
import { randomOfPass } from '../../src-main/engine/train/step.ts';
import type { Loss } from './losses.ts';

export interface PretrainOptions {
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly seed: number;
  report(line: string): void;
}

/** Batches in random order, each of texts of similar length so that little is padding. */
function makeBatches(
  texts: readonly (readonly number[])[],
  batchSize: number,
  stream: NamedStream,
): number[][][] {
  const order = [...shuffledOrder(texts.length, stream)];
  const byLength = order.sort((a, b) => (texts[a]?.length ?? 0) - (texts[b]?.length ?? 0));
  const count = Math.ceil(texts.length / batchSize);
  return [...shuffledOrder(count, stream)].map((index) =>
    byLength.slice(index * batchSize, (index + 1) * batchSize).map((row) => [...(texts[row] ?? [])]),
  );
}

/** Trains every weight of `model` on texts already turned into token ids. */
export function pretrain(
  model: Model,
  texts: readonly (readonly number[])[],
  loss: Loss,
  options: PretrainOptions,
): void {
  const { epochs, batchSize, learningRate, seed, report } = options;
  const parameters = [...model.parameters.values()].filter(
    (parameter) => !model.headNames.includes(parameter.name),
  );
  for (const parameter of parameters) parameter.trainable = true;
  const optimizer = new AdamW(parameters, { weightDecay: 0.01, beta2: 0.98 });
  const stepsPerEpoch = Math.ceil(texts.length / batchSize);
  const totalSteps = epochs * stepsPerEpoch;
  const warmup = countWarmupSteps(totalSteps, 0.06);
  let step = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    const batches = makeBatches(texts, batchSize, namedStream(seed, 'order', epoch));
    const started = performance.now();
    let sum = 0;
    for (const batch of batches) {
      const pass = { training: true, random: randomOfPass(seed, step) };
      sum += backpropagate(parameters, () => loss(model, batch, pass, namedStream(seed, 'mask', step)));
      const factor = learningRateFactor('linear', step, warmup, totalSteps);
      optimizer.step(learningRate * factor, clipFactor(measureGradientNorm(parameters), 1));
      step++;
    }
    const seconds = (performance.now() - started) / 1000;
    report(`epoch ${epoch + 1}/${epochs}: loss ${(sum / stepsPerEpoch).toFixed(3)}, ${seconds.toFixed(0)} s`);
  }
  optimizer.dispose();
}

import { backpropagate } from '../../src-main/engine/autodiff/tape.ts';
import { type NamedStream, namedStream, shuffledOrder } from '../../src-main/engine/data/random.ts';
import type { Model } from '../../src-main/engine/models/model.ts';
import { AdamW } from '../../src-main/engine/optim/adamw.ts';
import { clipFactor, measureGradientNorm } from '../../src-main/engine/optim/clip.ts';
import { countWarmupSteps, learningRateFactor } from '../../src-main/engine/optim/schedules.ts';
import { randomOfPass } from '../../src-main/engine/train/step.ts';
import type { Batch, Loss } from './losses.ts';

/** Fewer than texts per batch: each pair is two texts, and there are fewer pairs. */
const pairsPerBatch = 64;

export interface PretrainOptions {
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly seed: number;
  report(line: string): void;
}

/** Batches in random order, each of texts of similar length so that little is padding. */
function makeBatches({ texts, pairs }: Batch, batchSize: number, stream: NamedStream): Batch[] {
  const order = [...shuffledOrder(texts.length, stream)];
  const byLength = order.sort((a, b) => (texts[a]?.length ?? 0) - (texts[b]?.length ?? 0));
  const count = Math.ceil(texts.length / batchSize);
  const pairOrder = shuffledOrder(pairs.length, stream);
  return [...shuffledOrder(count, stream)].map((index, batch) => ({
    texts: byLength.slice(index * batchSize, (index + 1) * batchSize).map((row) => texts[row] ?? []),
    pairs: Array.from(pairOrder.subarray(batch * pairsPerBatch, (batch + 1) * pairsPerBatch)).flatMap(
      (row) => {
        const pair = pairs[row];
        return pair === undefined ? [] : [pair];
      },
    ),
  }));
}

/** Trains every weight of `model` on a corpus already turned into token ids. */
export function pretrain(model: Model, corpus: Batch, loss: Loss, options: PretrainOptions): void {
  const { epochs, batchSize, learningRate, seed, report } = options;
  const parameters = [...model.parameters.values()].filter(
    (parameter) => !model.headNames.includes(parameter.name),
  );
  for (const parameter of parameters) parameter.trainable = true;
  const optimizer = new AdamW(parameters, { weightDecay: 0.01, beta2: 0.98 });
  const stepsPerEpoch = Math.ceil(corpus.texts.length / batchSize);
  const totalSteps = epochs * stepsPerEpoch;
  const warmup = countWarmupSteps(totalSteps, 0.06);
  let step = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    const batches = makeBatches(corpus, batchSize, namedStream(seed, 'order', epoch));
    const started = performance.now();
    let sum = 0;
    for (const batch of batches) {
      // A few epochs cannot be learned by heart: no dropout.
      const pass = { training: false, random: randomOfPass(seed, step, 0) };
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

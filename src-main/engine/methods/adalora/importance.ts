import { keep, scope } from '../../autodiff/scope.ts';
import { Parameter, Tensor } from '../../autodiff/tensor.ts';
import { add, filled, mean, multiply, reshape, scale, subtract } from '../../ops/index.ts';
import type { AdaLoraBranch } from './branch.ts';

// How much each rank of a layer matters (https://arxiv.org/abs/2303.10512, §3.2): the running mean of |weight · gradient|
// times how much that varies.

export interface Decays {
  readonly sensitivityDecay: number;
  readonly uncertaintyDecay: number;
}

/** Running means for one parameter, of its shape. */
interface Measure {
  readonly parameter: Parameter;
  readonly sensitivity: Parameter;
  readonly uncertainty: Parameter;
}

/** The importance of a layer's ranks: of their rows in A `[rank, in]`, columns of B `[out, rank]`, and values E `[rank, 1]`. */
export interface BranchImportance {
  readonly a: Measure;
  readonly b: Measure;
  readonly e: Measure;
}

function startMeasure(parameter: Parameter): Measure {
  const { backend } = parameter.value;
  const make = (what: string) =>
    new Parameter(`${parameter.name}.${what}`, keep(filled(backend, parameter.shape, 0)));
  return { parameter, sensitivity: make('sensitivity'), uncertainty: make('uncertainty') };
}

export function startImportance({ a, b, e }: AdaLoraBranch): BranchImportance {
  return scope(() => ({ a: startMeasure(a), b: startMeasure(b), e: startMeasure(e) }));
}

export function stateOf({ a, b, e }: BranchImportance): Parameter[] {
  return [a, b, e].flatMap(({ sensitivity, uncertainty }) => [sensitivity, uncertainty]);
}

function absolute(x: Tensor): Tensor {
  return new Tensor(x.backend, x.backend.unary('absolute', x.handle));
}

/** decay · before + (1 − decay) · now */
function mix(before: Tensor, now: Tensor, decay: number): Tensor {
  return add(scale(before, decay), scale(now, 1 - decay));
}

function updateMeasure(measure: Measure, gradientScale: number, decays: Decays): void {
  const { parameter, sensitivity, uncertainty } = measure;
  const { gradient } = parameter;
  if (gradient === null) return;
  scope(() => {
    const now = absolute(multiply(parameter.value, scale(gradient, gradientScale)));
    const smooth = mix(sensitivity.value, now, decays.sensitivityDecay);
    const spread = absolute(subtract(now, smooth));
    uncertainty.assign(keep(mix(uncertainty.value, spread, decays.uncertaintyDecay)));
    sensitivity.assign(keep(smooth));
  });
}

/** Takes an update's gradients in. */
export function updateImportance(importance: BranchImportance, gradientScale: number, decays: Decays): void {
  for (const measure of [importance.a, importance.b, importance.e]) {
    updateMeasure(measure, gradientScale, decays);
  }
}

/** The score of each rank: its value's, and the means over its row of A and its column of B. */
export function scoreRanks({ a, b, e }: BranchImportance): Float32Array {
  const score = ({ sensitivity, uncertainty }: Measure) => multiply(sensitivity.value, uncertainty.value);
  let scores = new Float32Array();
  scope(() => {
    const [rank = 0] = e.parameter.shape;
    const ofVectors = add(mean(score(a), [1]), mean(score(b), [0]));
    scores = Float32Array.from(add(reshape(score(e), [rank]), ofVectors).values());
  });
  return scores;
}

/**
 * Which ranks stay when all layers together may have `budget`: those above the score of the best that must go.
 * @param scores of each layer's ranks
 */
export function chooseRanks(scores: readonly Float32Array[], budget: number): boolean[][] {
  const all = Float32Array.from(scores.flatMap((some) => [...some])).sort();
  const threshold = all[all.length - budget - 1] ?? -Infinity;
  return scores.map((some) => Array.from(some, (score) => score > threshold));
}

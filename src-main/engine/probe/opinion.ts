/** What is thought of one row, and how surely. */
export interface Opinion {
  /** The classes it most likely has. */
  readonly classes: readonly number[];
  /** That they are right: of the only one, or of the least sure decision for or against a class. */
  readonly probability: number;
  /** How far it is ahead of what comes second. */
  readonly margin: number;
  /** 0 where all is certain, 1 where everything is equally likely. */
  readonly entropy: number;
}

/**
 * Where one class is right.
 * @param probabilities of every class, together 1
 */
export function opinionOfOne(probabilities: ArrayLike<number>): Opinion {
  let best = 0;
  let second = -1;
  let entropy = 0;
  for (let label = 0; label < probabilities.length; label++) {
    const probability = probabilities[label] ?? 0;
    if (probability > 0) entropy -= probability * Math.log(probability);
    if (label === 0) continue;
    if (probability > (probabilities[best] ?? 0)) [second, best] = [best, label];
    else if (second < 0 || probability > (probabilities[second] ?? 0)) second = label;
  }
  const probability = probabilities[best] ?? 0;
  const margin = probability - (second < 0 ? 0 : (probabilities[second] ?? 0));
  return {
    classes: [best],
    probability,
    margin,
    entropy: entropy / Math.log(Math.max(2, probabilities.length)),
  };
}

/**
 * Where any number of classes may be right, each decided on its own; the likeliest where none reaches the threshold, for
 * a text with nothing to say about is rare.
 * @param probabilities of every class
 */
export function opinionOfSeveral(probabilities: ArrayLike<number>, threshold = 0.5): Opinion {
  const classes: number[] = [];
  let likeliest = 0;
  let surety = 1;
  let entropy = 0;
  for (let label = 0; label < probabilities.length; label++) {
    const probability = probabilities[label] ?? 0;
    if (probability >= threshold) classes.push(label);
    if (probability > (probabilities[likeliest] ?? 0)) likeliest = label;
    surety = Math.min(surety, probability >= threshold ? probability : 1 - probability);
    for (const share of [probability, 1 - probability]) {
      if (share > 0) entropy -= share * Math.log2(share);
    }
  }
  const none = classes.length === 0;
  const probability = none ? (probabilities[likeliest] ?? 0) : surety;
  return {
    classes: none ? [likeliest] : classes,
    probability,
    margin: Math.abs(2 * probability - 1),
    entropy: entropy / Math.max(1, probabilities.length),
  };
}

/** How probable the classes are that somebody gave: of the least probable decision for or against one. */
export function beliefIn(
  given: readonly number[],
  probabilities: ArrayLike<number>,
  several: boolean,
): number {
  if (!several) return probabilities[given[0] ?? 0] ?? 0;
  let belief = 1;
  for (let label = 0; label < probabilities.length; label++) {
    const probability = probabilities[label] ?? 0;
    belief = Math.min(belief, given.includes(label) ? probability : 1 - probability);
  }
  return belief;
}

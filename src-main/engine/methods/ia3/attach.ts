import { errorFromProblems } from '../../../contract/errors/index.ts';
import { keep, scope } from '../../autodiff/scope.ts';
import type { Parameter } from '../../autodiff/tensor.ts';
import type { Linear, Model } from '../../models/model.ts';
import { countValues, outlineOfModel } from '../../models/outline.ts';
import { cast, multiply, reshape } from '../../ops/index.ts';
import { addParameter, attachAddition } from '../addition.ts';
import type { Attached, Method } from '../method.ts';
import { PeftSettings, wrapped } from '../peftSettings.ts';
import { type Ia3Choice, type Ia3Layer, checkIa3, chooseIa3, planIa3 } from './plan.ts';
import { ia3Spec } from './spec.ts';

/** A linear layer and its numbers l: y = l ⊙ (Wx + b), or y = W(l ⊙ x) + b in the feed-forward block. */
interface Scaled extends Ia3Layer {
  readonly target: Linear;
  /** `[out, 1]`, in the feed-forward block `[1, in]`. */
  readonly factors: Parameter;
}

function setHooks({ target, factors, isFeedForward, size }: Scaled): void {
  if (target.transform !== null || target.prepare !== null) {
    throw new Error(`Two methods want the layer ${target.path}.`);
  }
  if (isFeedForward) target.prepare = (x) => multiply(x, reshape(factors.value, [size]));
  else target.transform = (_, output) => multiply(output, reshape(factors.value, [size]));
}

/** Rows or columns of W, and where the output is scaled its bias, times l. */
function mergeScaled({ target, factors, isFeedForward, size }: Scaled): void {
  const { weight, bias, layout } = target;
  const alongRows = isFeedForward === (layout === 'inOut');
  weight.assign(
    scope(() => {
      const aligned = reshape(factors.value, alongRows ? [size, 1] : [1, size]);
      return keep(multiply(cast(weight.value, 'float32'), aligned));
    }),
  );
  if (isFeedForward || bias === null) return;
  bias.assign(scope(() => keep(multiply(bias.value, reshape(factors.value, [size])))));
}

function attachIa3(model: Model, choice: Ia3Choice): Attached {
  const { backend } = model.wordEmbedding.value;
  const scaled = planIa3(outlineOfModel(model), choice).flatMap((layer): Scaled[] => {
    const target = model.linears.get(layer.path);
    const shape = layer.isFeedForward ? [1, layer.size] : [layer.size, 1];
    const name = `${wrapped}${layer.path}.ia3_l`;
    return target ? [{ ...layer, target, factors: addParameter(backend, name, shape, 1) }] : [];
  });
  scaled.forEach(setHooks);
  return attachAddition(model, {
    parameters: scaled.map(({ factors }) => factors),
    config: {
      peft_type: 'IA3',
      // Whole paths: PEFT wants the second list to be part of the first.
      target_modules: scaled.map(({ path }) => path),
      feedforward_modules: scaled.filter(({ isFeedForward }) => isFeedForward).map(({ path }) => path),
      fan_in_fan_out: scaled.some(({ target }) => target.layout === 'inOut'),
      init_ia3_weights: true,
    },
    wrapping: wrapped,
    merge: () => scaled.forEach(mergeScaled),
    takeOff() {
      for (const { target } of scaled) {
        target.prepare = null;
        target.transform = null;
      }
    },
  });
}

function attachSaved(model: Model, config: Readonly<Record<string, unknown>>, folder: string): Attached {
  const settings = new PeftSettings(config, folder);
  const choice: Ia3Choice = {
    targets: settings.names('target_modules'),
    feedForward: settings.names('feedforward_modules'),
    exclude: settings.names('exclude_modules'),
  };
  settings.finish();
  return attachIa3(model, choice);
}

/** (IA)³ (https://arxiv.org/abs/2205.05638) with the options of PEFT's IA3Config. */
export const ia3: Method<typeof ia3Spec.options> = {
  spec: ia3Spec,
  output: 'adapter',
  saved: { peftType: 'IA3', attach: attachSaved },
  check: checkIa3,
  count: (outline, options) => ({
    own: countValues(outline, outline.headNames),
    added: planIa3(outline, chooseIa3(outline, options)).reduce((total, { size }) => total + size, 0),
  }),
  attach(model, options) {
    const outline = outlineOfModel(model);
    const problems = checkIa3(outline, options);
    if (problems.length > 0) throw errorFromProblems(problems);
    return attachIa3(model, chooseIa3(outline, options));
  },
};

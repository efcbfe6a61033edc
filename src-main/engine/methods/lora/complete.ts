import type { Parameter } from '../../autodiff/tensor.ts';
import type { Model } from '../../models/model.ts';
import type { Attached, Course, SavedTensor } from '../method.ts';
import { freeze, makeTrainable } from '../ownWeights.ts';
import { wrapped } from '../peftSettings.ts';
import type { LoraPlan } from './plan.ts';

/** What was put beside the layers of a plan. */
export interface Branches {
  readonly parameters: readonly Parameter[];
  /** The method's part of adapter_config.json, as it stands now. */
  readonly config: () => Readonly<Record<string, unknown>>;
  /** What the file holds of the parameters, as it stands now; themselves when left out. */
  readonly tensors?: () => ReadonlyMap<string, SavedTensor>;
  readonly rateFactors?: ReadonlyMap<Parameter, number>;
  readonly course?: Course;
  /** Folds the branches into the layers' weights; null where that is impossible. */
  readonly merge: (() => void) | null;
  /** Clears the hooks and disposes everything but the parameters. */
  takeOff(): void;
}

/** The model's own weights that a plan trains: biases, the head, and modules asked for. */
export function ownParameters(model: Model, plan: LoraPlan): Parameter[] {
  return [...plan.biases, ...plan.savedNames].flatMap((name) => model.parameters.get(name) ?? []);
}

/** Modules to save as a PEFT configuration lists them: those this model lacks, and its own head, need no mention. */
export function modulesOf(model: Model, listed: readonly string[]): string[] {
  const hasModule = (module: string) =>
    [...model.parameters.keys()].some((name) => `.${name}`.includes(`.${module}.`));
  return listed.filter(
    (module) =>
      hasModule(module) && !model.headModules.some((own) => own === module || own.endsWith(`.${module}`)),
  );
}

/** Completes branches with the model's own weights that the plan trains. */
export function attachBranches(model: Model, plan: LoraPlan, branches: Branches): Attached {
  const { parameters, rateFactors, config, tensors, course, merge } = branches;
  const own = ownParameters(model, plan);
  own.forEach(makeTrainable);
  const added = new Map(parameters.map((parameter) => [parameter.name, parameter] as const));
  const targeted = new Set(plan.layers.map(({ path }) => `${path}.bias`));
  const savedName = ({ name }: Parameter) =>
    wrapped + (targeted.has(name) ? name.replace(/bias$/, 'base_layer.bias') : name);
  const ownTensors = own.map((parameter) => [savedName(parameter), parameter] as const);
  const detach = () => {
    branches.takeOff();
    for (const parameter of parameters) parameter.dispose();
    own.forEach(freeze);
  };
  return {
    added,
    trainable: [...parameters, ...own],
    rateFactors,
    course,
    get adapter() {
      return {
        config: config(),
        tensors: new Map<string, SavedTensor>([...(tensors?.() ?? added), ...ownTensors]),
      };
    },
    merge:
      merge &&
      (() => {
        merge();
        detach();
      }),
    detach,
  };
}

import { keep, scope } from '../autodiff/scope.ts';
import { Parameter } from '../autodiff/tensor.ts';
import type { Backend, Shape } from '../backend/backend.ts';
import type { Model } from '../models/model.ts';
import { filled, fromValues } from '../ops/index.ts';
import type { Attached, SavedTensor } from './method.ts';
import { freeze, makeTrainable } from './ownWeights.ts';
import { taskTypes } from './peftSettings.ts';

/**
 * A trainable parameter that a method adds to a model.
 * @param start its values, or the one number that all of them are
 */
export function addParameter(
  backend: Backend,
  name: string,
  shape: Shape,
  start: Float32Array | number,
): Parameter {
  const value = scope(() =>
    keep(
      typeof start === 'number'
        ? filled(backend, shape, start)
        : fromValues(backend, start, shape, 'float32'),
    ),
  );
  const parameter = new Parameter(name, value);
  parameter.trainable = true;
  return parameter;
}

/** What a method put beside a frozen model. */
export interface Addition {
  readonly parameters: readonly Parameter[];
  /** Whose format the adapter has: PEFT's when left out. */
  readonly library?: 'adapters' | 'tunebench';
  /** The method's part of adapter_config.json, without task and head. */
  readonly config: Readonly<Record<string, unknown>>;
  /** What stands before the model's own names in the adapter file. */
  readonly wrapping: string;
  /** What the file holds in place of the parameters, where it holds something else. */
  readonly tensors?: ReadonlyMap<string, SavedTensor>;
  /** Folds the parameters into the model's weights; null where that is impossible. */
  readonly merge: (() => void) | null;
  /** Clears the hooks it set. */
  takeOff(): void;
}

/** Completes an addition with the task head, which is trained and saved whole. */
export function attachAddition(model: Model, addition: Addition): Attached {
  const { parameters, config, wrapping, merge } = addition;
  const head = model.headNames.flatMap((name) => model.parameters.get(name) ?? []);
  head.forEach(makeTrainable);
  const added = new Map(parameters.map((parameter) => [parameter.name, parameter] as const));
  const detach = () => {
    addition.takeOff();
    for (const parameter of parameters) parameter.dispose();
    head.forEach(freeze);
  };
  return {
    added,
    trainable: [...parameters, ...head],
    adapter: {
      library: addition.library,
      config:
        addition.library === 'adapters'
          ? config
          : {
              ...config,
              task_type: taskTypes[model.head],
              modules_to_save: model.headModules.length > 0 ? model.headModules : null,
            },
      tensors: new Map<string, SavedTensor>([
        ...(addition.tensors ?? added),
        ...head.map((parameter) => [wrapping + parameter.name, parameter] as const),
      ]),
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

import type { EngineFiles } from '../files.ts';
import {
  type HookState,
  type WeightedHooks,
  clearHooks,
  composeHooks,
  setHooks,
  takeHooks,
} from '../methods/composition.ts';
import type { Attached } from '../methods/method.ts';
import { freeze } from '../methods/ownWeights.ts';
import type { Model } from '../models/model.ts';
import { loadAdapter } from './peftAdapter.ts';

/** An adapter that takes part in what a model computes. */
export interface AdapterUse {
  readonly folder: string;
  /** How much of it counts: 1 all of it, 0 nothing. */
  readonly weight: number;
}

/** Several adapters on one model, of which some are at work; none is trained. */
export interface AdapterStack {
  /**
   * Decides how much each adapter counts, in the order they were loaded in.
   * @throws TunebenchError where they cannot work together
   */
  weigh(weights: readonly number[]): void;
  /**
   * Attaches a method on top: it reads what the stack makes of the model. It cannot be merged into the base model alone.
   * @throws TunebenchError where it cannot work together with the stack
   */
  attachAbove(attach: () => Attached): Attached;
  /** Takes all of them off the model. */
  detach(): void;
}

/**
 * Loads adapters onto one base model, each passing on to the next: `[language adapter, task adapter]` is the stack of
 * MAD-X, several LoRA adapters add up. Where more than one brings a head, that of the last in the list counts.
 * @throws TunebenchError with everything that does not fit
 */
export function loadAdapterStack(
  files: EngineFiles,
  uses: readonly AdapterUse[],
  model: Model,
): AdapterStack {
  const loaded = new Map<number, { readonly attached: Attached; readonly state: HookState }>();
  const detach = () => {
    for (const { attached } of loaded.values()) attached.detach();
    clearHooks(model);
  };
  let current = uses.map(({ weight }) => weight);
  const parts = () =>
    uses.flatMap((_, index) => {
      const state = loaded.get(index)?.state;
      return state ? [{ state, weight: current[index] ?? 0 }] : [];
    });
  const show = (above: readonly WeightedHooks[]) => {
    const composed = composeHooks([...parts(), ...above]);
    clearHooks(model);
    setHooks(model, composed);
  };
  try {
    for (const [index, { folder }] of uses.entries()) {
      const attached = loadAdapter(files, folder, model);
      attached.trainable.forEach(freeze);
      loaded.set(index, { attached, state: takeHooks(model) });
    }
    show([]);
  } catch (error) {
    detach();
    throw error;
  }
  return {
    weigh(weights) {
      current = [...weights];
      show([]);
    },
    attachAbove(attach) {
      clearHooks(model);
      const attached = attach();
      show([{ state: takeHooks(model), weight: 1 }]);
      const takeOff = () => {
        attached.detach();
        clearHooks(model);
      };
      return {
        ...attached,
        // What a method leaves may be known only in the end.
        get adapter() {
          return attached.adapter;
        },
        merge: null,
        detach: takeOff,
      };
    },
    detach,
  };
}

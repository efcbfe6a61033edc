import { TunebenchError } from '../../contract/errors/index.ts';
import { scope } from '../autodiff/scope.ts';
import type { Tensor } from '../autodiff/tensor.ts';
import type { Block, Hooks } from '../models/hooks.ts';
import type { Linear, Model } from '../models/model.ts';
import { add, scale, subtract } from '../ops/index.ts';

// Several methods on one model: each is attached alone, what it set is taken out, and everything is put back composed.

type LinearHooks = Pick<Linear, 'prepare' | 'transform'>;
type BlockHooks = Pick<Block, 'attentionOutput' | 'feedForwardOutput'>;
type ModelHooks = Omit<{ -readonly [Name in keyof Hooks]: Hooks[Name] }, 'blocks'>;

/** Everything that methods set on a model, at one moment. */
export interface HookState {
  readonly linears: ReadonlyMap<string, LinearHooks>;
  readonly blocks: readonly BlockHooks[];
  readonly model: ModelHooks;
}

const noHooks: ModelHooks = {
  words: null,
  prompt: null,
  keyValues: null,
  embedded: null,
  beforeVocabulary: null,
};

/** What is set on a model, which it loses. */
export function takeHooks(model: Model): HookState {
  const { words, prompt, keyValues, embedded, beforeVocabulary } = model.hooks;
  const state: HookState = {
    linears: new Map(
      [...model.linears].map(([path, { prepare, transform }]) => [path, { prepare, transform }]),
    ),
    blocks: model.hooks.blocks.map(({ attentionOutput, feedForwardOutput }) => ({
      attentionOutput,
      feedForwardOutput,
    })),
    model: { words, prompt, keyValues, embedded, beforeVocabulary },
  };
  clearHooks(model);
  return state;
}

export function clearHooks(model: Model): void {
  for (const linear of model.linears.values()) Object.assign(linear, { prepare: null, transform: null });
  for (const block of model.hooks.blocks) {
    Object.assign(block, { attentionOutput: null, feedForwardOutput: null });
  }
  Object.assign(model.hooks, noHooks);
}

export function setHooks(model: Model, state: HookState): void {
  for (const [path, hooks] of state.linears) Object.assign(model.linears.get(path) ?? {}, hooks);
  state.blocks.forEach((hooks, index) => Object.assign(model.hooks.blocks[index] ?? {}, hooks));
  Object.assign(model.hooks, state.model);
}

/** What one method set, and how much of it counts: 1 all of it, 0 nothing, 2 twice as much. */
export interface WeightedHooks {
  readonly state: HookState;
  readonly weight: number;
}

/** y + w·(changed − y). */
function blend(weight: number, y: Tensor, change: (y: Tensor) => Tensor): Tensor {
  if (weight === 1) return change(y);
  return scope(() => add(y, scale(subtract(change(y), y), weight)));
}

/** Several functions that change one tensor, one after the other; the first argument named `at` is that tensor. */
function chain<Arguments extends readonly unknown[]>(
  hooks: readonly {
    readonly weight: number;
    readonly change: ((...given: Arguments) => Tensor) | null;
  }[],
  at: (given: Arguments) => Tensor,
  replace: (given: Arguments, y: Tensor) => Arguments,
): ((...given: Arguments) => Tensor) | null {
  const used = hooks.flatMap(({ weight, change }) => (change ? [{ weight, change }] : []));
  if (used.length === 0) return null;
  return (...given) =>
    scope(() =>
      used.reduce(
        (y, { weight, change }) => blend(weight, y, (before) => change(...replace(given, before))),
        at(given),
      ),
    );
}

/** The only one of several, where they cannot be joined. */
function single<Hook>(hooks: readonly (Hook | null)[], what: 'prompt' | 'prefix'): Hook | null {
  const used = hooks.filter((hook) => hook !== null);
  if (used.length > 1) throw new TunebenchError('adapters.onlyOne', { what, count: used.length });
  return used[0] ?? null;
}

function composeLinears(parts: readonly WeightedHooks[]): Map<string, LinearHooks> {
  const paths = [...(parts[0]?.state.linears.keys() ?? [])];
  return new Map(
    paths.map((path) => {
      const pick = <Name extends keyof LinearHooks>(name: Name) =>
        parts.map(({ state, weight }) => ({ weight, change: state.linears.get(path)?.[name] ?? null }));
      return [
        path,
        {
          prepare: chain(
            pick('prepare'),
            ([x]) => x,
            ([, pass], x) => [x, pass],
          ),
          transform: chain(
            pick('transform'),
            ([, y]) => y,
            ([x, , pass], y) => [x, y, pass],
          ),
        },
      ];
    }),
  );
}

function composeBlocks(parts: readonly WeightedHooks[]): BlockHooks[] {
  return (parts[0]?.state.blocks ?? []).map((_, index) => {
    const pick = <Name extends keyof BlockHooks>(name: Name) =>
      parts.map(({ state, weight }) => ({ weight, change: state.blocks[index]?.[name] ?? null }));
    return {
      attentionOutput: chain(
        pick('attentionOutput'),
        ([y]) => y,
        ([, around], y) => [y, around],
      ),
      feedForwardOutput: chain(
        pick('feedForwardOutput'),
        ([y]) => y,
        ([, around], y) => [y, around],
      ),
    };
  });
}

function composeModel(parts: readonly WeightedHooks[]): ModelHooks {
  const pick = <Name extends keyof ModelHooks>(name: Name) =>
    parts.map(({ state, weight }) => ({ weight, change: state.model[name] }));
  const alone = (hooks: readonly { readonly weight: number; readonly change: unknown }[]) => {
    const partial = hooks.find(({ weight, change }) => change !== null && weight !== 1);
    if (partial) throw new TunebenchError('adapters.notWeighable', { weight: partial.weight });
  };
  alone(pick('prompt'));
  alone(pick('keyValues'));
  // An invertible adapter is undone by the one that was put in: where several stack, the first counts.
  const invertible = parts.find(({ state }) => state.model.embedded !== null)?.state.model;
  return {
    words: chain(
      pick('words'),
      ([, embeddings]) => embeddings,
      ([ids, , pass], y) => [ids, y, pass],
    ),
    prompt: single(
      parts.map(({ state }) => state.model.prompt),
      'prompt',
    ),
    keyValues: single(
      parts.map(({ state }) => state.model.keyValues),
      'prefix',
    ),
    embedded: invertible?.embedded ?? null,
    beforeVocabulary: invertible?.beforeVocabulary ?? null,
  };
}

/**
 * What several methods set, as if they were one: layers and blocks pass each one's output to the next, in order, which
 * for LoRA adds their changes up and for bottleneck adapters stacks them as the adapters library does.
 * @throws TunebenchError where two of them put tokens before the text, or one that does counts in part
 */
export function composeHooks(parts: readonly WeightedHooks[]): HookState {
  const active = parts.filter(({ weight }) => weight !== 0);
  return { linears: composeLinears(active), blocks: composeBlocks(active), model: composeModel(active) };
}

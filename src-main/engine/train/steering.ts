import type { SteeringChange } from '../../contract/steering.ts';
import { planTraining } from './plan.ts';
import type { TrainingControl } from './control.ts';
import type { LoopSetup } from './loop.ts';

/** What steering has changed so far; part of the position, since everything after depends on it. */
export interface Steered {
  /** Of the changes made, so that none is made twice. */
  readonly ids: readonly string[];
  readonly learningRate: number | null;
  readonly epochs: number | null;
  readonly passTokens: number | null;
}

export const notSteered: Steered = { ids: [], learningRate: null, epochs: null, passTokens: null };

/** What is due between two steps because it was asked for. */
export interface DueBySteering {
  readonly evaluation: boolean;
  readonly checkpoint: boolean;
}

function afterChange(steered: Steered, change: SteeringChange): Steered {
  switch (change.kind) {
    case 'learningRate':
      return { ...steered, learningRate: change.learningRate };
    case 'length':
      return { ...steered, epochs: change.epochs };
    case 'passTokens':
      return { ...steered, passTokens: change.passTokens };
    case 'evaluation':
    case 'checkpoint':
      return steered;
    default:
      return change satisfies never;
  }
}

/** Makes the setup what the position says: also after the run was taken up again. */
export function followSteering(setup: LoopSetup): void {
  const { epochs, passTokens } = setup.position.steered;
  setup.maximumTokens = passTokens ?? setup.options.passTokens;
  if (epochs === null) return;
  const length = { ...setup.options, epochs, maximumSteps: 0 };
  setup.plan = planTraining(setup.examples.train.length, length);
  setup.observer.setLength(setup.plan.totalSteps);
}

function steer(
  setup: LoopSetup,
  { id, change, isNew }: { id: string; change: SteeringChange; isNew: boolean },
) {
  const { position, observer } = setup;
  position.steered = { ...afterChange(position.steered, change), ids: [...position.steered.ids, id] };
  followSteering(setup);
  if (isNew) observer.tell({ event: 'steered', id, step: position.step, change });
}

/**
 * Makes the changes that are due at this step: those that were made here before, when the run is repeated or taken up
 * again, and those asked for since the last step.
 */
export function takeSteering(setup: LoopSetup, control: TrainingControl): DueBySteering {
  const { position } = setup;
  const due: SteeringChange['kind'][] = [];
  for (const { id, step, change, recorded } of setup.script) {
    if (step > position.step || position.steered.ids.includes(id)) continue;
    steer(setup, { id, change, isNew: !recorded });
    due.push(change.kind);
  }
  for (const { id, change } of control.takeRequests()) {
    steer(setup, { id, change, isNew: true });
    due.push(change.kind);
  }
  return { evaluation: due.includes('evaluation'), checkpoint: due.includes('checkpoint') };
}

/** Limits what is computed at once from here on: the update stays the same but for its last digits. */
export function limitPasses(setup: LoopSetup, passTokens: number): void {
  // The same name whenever this step needs it: a run that is repeated makes the change once.
  const id = `memory-${setup.position.step}-${passTokens}`;
  if (setup.position.steered.ids.includes(id)) return;
  steer(setup, { id, change: { kind: 'passTokens', passTokens }, isNew: true });
}

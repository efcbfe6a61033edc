import type { Task } from '../../contract/methods.ts';
import { causalLm } from './causalLm.ts';
import { classification } from './classification.ts';
import type { Objective } from './objective.ts';

/** Every objective by its task: a new one is one file and one line here. */
const objectives: Readonly<Partial<Record<Task, Objective>>> = { classification, causalLm };

export function objectiveFor(task: Task): Objective {
  const objective = objectives[task];
  if (objective === undefined) throw new Error(`No objective teaches the task ${task}.`);
  return objective;
}

export function listObjectives(): Objective[] {
  return Object.values(objectives);
}

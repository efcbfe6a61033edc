import type { Task } from '../../contract/methods.ts';
import { causalLm } from './causalLm.ts';
import { classification } from './classification.ts';
import type { Objective } from './objective.ts';

/** Every objective by its task. */
const objectives: Readonly<Record<Task, Objective>> = { classification, causalLm };

export function objectiveFor(task: Task): Objective {
  return objectives[task];
}

export function listObjectives(): Objective[] {
  return Object.values(objectives);
}

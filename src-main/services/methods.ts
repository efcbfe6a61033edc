import { listMethods } from '../engine/methods/registry.ts';
import { listObjectives } from '../engine/objectives/registry.ts';
import { trainingOptions } from '../engine/train/options.ts';

/** What can be trained how: methods, tasks and their settings, as forms and flags are drawn from them. */
export function createMethodsService() {
  return {
    list: () => ({
      methods: listMethods().map((method) => method.spec),
      objectives: listObjectives().map((objective) => objective.spec),
      training: { ...trainingOptions },
    }),
  };
}

import { type Problem, describeProblem } from '../../contract/errors/index.ts';
import type { MethodSpec, ModelType, Task } from '../../contract/methods.ts';

/** Why a method is not for a task or an architecture, whatever its settings. */
export function checkFit(
  { id, tasks, modelTypes }: Pick<MethodSpec, 'id' | 'tasks' | 'modelTypes'>,
  task: Task,
  modelType: ModelType | undefined,
): Problem[] {
  const problems: Problem[] = [];
  if (!tasks.includes(task)) {
    const params = { method: id, task, tasks: tasks.join(', ') };
    problems.push(describeProblem('run.methodNotForTask', params, 'method.id'));
  }
  if (modelType !== undefined && !modelTypes.includes(modelType)) {
    const params = { method: id, modelType, modelTypes: modelTypes.join(', ') };
    problems.push(describeProblem('run.methodNotForModel', params, 'method.id'));
  }
  return problems;
}

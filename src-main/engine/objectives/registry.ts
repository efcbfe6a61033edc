import type { Task } from '../../contract/methods.ts';
import { causalLm } from './causalLm.ts';
import { classification } from './classification.ts';
import { extractiveQa } from './extractiveQa.ts';
import { maskedLm } from './maskedLm.ts';
import { multiLabel } from './multiLabel.ts';
import type { Objective } from './objective.ts';
import { preference } from './preference.ts';
import { regression } from './regression.ts';
import { sentenceEmbedding } from './sentenceEmbedding.ts';
import { seq2seq } from './seq2seq.ts';
import { tokenClassification } from './tokenClassification.ts';

/** Every objective by its task: a new one is one file and one line here. */
const objectives: Readonly<Record<Task, Objective>> = {
  classification,
  multiLabel,
  regression,
  tokenClassification,
  extractiveQa,
  maskedLm,
  causalLm,
  seq2seq,
  sentenceEmbedding,
  preference,
};

export function objectiveFor(task: Task): Objective {
  return objectives[task];
}

export function listObjectives(): Objective[] {
  return Object.values(objectives);
}

import type { Metrics } from '../../contract/runs.ts';
import type { WeightForm } from '../models/loadParameters.ts';
import type { Model } from '../models/model.ts';
import { createYielder } from './control.ts';
import { evaluationBatchSize } from './loop.ts';
import type { Opening } from './opening.ts';
import { textFacts } from './textFacts.ts';
import { type Watch, openWatch } from './watch.ts';

/** What is known before a method attaches; null where a run goes on and told it at its start. */
export interface FoundBefore {
  /** Of the texts to learn from. */
  readonly texts: Metrics | null;
  /** Of the watched ones. */
  readonly watched: Metrics | null;
}

/** The watched texts of a job, or null where it has none. */
export function watchOf(opening: Opening, model: Model, form: WeightForm): Watch | null {
  const { request, checked, objective, tokenizer, someRows } = opening;
  const { watch, config } = request.job;
  if (watch === undefined) return null;
  return openWatch({
    ...watch,
    files: request.files,
    backend: request.backend,
    tokenizer,
    model,
    form,
    own: { task: config.task, objective },
    trainRows: someRows,
    maximumLength: checked.objectiveOptions.maximumLength,
    maximumTokens: checked.training.passTokens,
    batchSize: evaluationBatchSize(checked.training),
  });
}

/** Measures the model as it is before anything changes it. */
export async function measureBefore(opening: Opening, watch: Watch | null): Promise<FoundBefore> {
  const { request, position, data, tokenizer, resumedFromStep } = opening;
  const isAtStart = position.step === 0 && (resumedFromStep === null || position.watched === null);
  if (!isAtStart) return { texts: null, watched: null };
  const how = { betweenBatches: createYielder(), shouldStop: () => request.control.stopRequested };
  const watched = (await watch?.measure(how)) ?? null;
  const own = (await watch?.measureOwn(how)) ?? {};
  const facts = textFacts(data.examples, tokenizer);
  return { texts: resumedFromStep === null ? { ...facts, ...own } : null, watched };
}

/** Tells what was found. */
export function tellBefore({ observer, position }: Opening, { texts, watched }: FoundBefore): void {
  if (texts !== null) observer.tell({ event: 'textsMeasured', metrics: texts });
  if (watched === null) return;
  position.watched = watched;
  observer.tell({ event: 'evaluated', step: position.step, split: 'watch', metrics: watched, best: false });
}

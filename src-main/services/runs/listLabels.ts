import { type DatasetSummary, contentOfRow } from '../../contract/datasets.ts';
import type { RunConfig } from '../../contract/runs.ts';
import type { DataRow } from '../../engine/data/examples.ts';
import { objectiveFor } from '../../engine/objectives/registry.ts';
import { collectLabels } from '../../engine/train/check.ts';
import type { ServiceContext } from '../context.ts';

/** Answers by dataset version and settings: finding them may mean reading every row. */
const known = new Map<string, readonly string[]>();
const keptAnswers = 50;

function* contentOf(context: ServiceContext, dataset: DatasetSummary): Generator<DataRow> {
  for (const { split, fields } of context.store.datasets.allRows(dataset.id)) {
    yield { text: '', ...contentOfRow(fields, dataset.mapping), split };
  }
}

/** The labels that the task of a configuration finds in a dataset, as class numbers count them; none for tasks without. */
export function listLabels(
  context: ServiceContext,
  config: RunConfig,
  dataset: DatasetSummary,
): readonly string[] {
  const { fewestLabels, spec } = objectiveFor(config.task);
  if (fewestLabels === 0) return collectLabels(config, []);
  // What stands in a label column is known without reading the rows again.
  if (spec.needs.every((set) => set.includes('label'))) {
    const rows = dataset.labels.map(({ label }): DataRow => ({ split: 'train', text: '', label }));
    return collectLabels(config, rows);
  }
  const key = JSON.stringify([dataset.versionHash, dataset.mapping.roles, config.task, config.objective]);
  const found = known.get(key) ?? collectLabels(config, contentOf(context, dataset));
  known.delete(key);
  known.set(key, found);
  for (const oldest of known.keys()) {
    if (known.size <= keptAnswers) break;
    known.delete(oldest);
  }
  return found;
}

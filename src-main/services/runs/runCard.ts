import { type Problem, TunebenchError, describeProblem } from '../../contract/errors/index.ts';
import { type RunCard, runCardSchema } from '../../contract/runCard.ts';
import type { RunConfig, RunDetail } from '../../contract/runs.ts';
import { processorCores, usableMemoryBytes } from '../../platform/index.ts';
import type { ServiceContext } from '../context.ts';
import { hashModelFolder } from '../models/modelHash.ts';
import { steeringOf } from './steerRun.ts';

/** The device of the newest start. */
function deviceOf(context: ServiceContext, runId: string): string {
  const started = context.store.events.apartFromSteps(runId).findLast(({ body }) => body.event === 'started');
  return started?.body.event === 'started' ? started.body.device : '–';
}

export function makeRunCard(context: ServiceContext, run: RunDetail): RunCard {
  const { store } = context;
  const dataset = store.datasets.get(run.datasetId);
  const { watchDatasetId } = run.config;
  const watched = watchDatasetId === undefined ? undefined : store.datasets.get(watchDatasetId);
  return {
    format: 'tunebench run card',
    version: 1,
    name: run.name,
    createdAt: run.createdAt,
    status: run.status,
    config: run.config,
    steering: steeringOf(store, run.id),
    model: { name: run.modelName, hash: run.modelHash },
    dataset: {
      name: run.datasetName,
      hash: run.datasetHash,
      rowsBySplit: dataset?.rowsBySplit ?? null,
      ...(dataset?.syntheticBySplit && { syntheticBySplit: dataset.syntheticBySplit }),
    },
    ...(watched && { watch: { name: watched.name, hash: watched.versionHash } }),
    labels: run.labels,
    versions: run.versions,
    hardware: {
      platform: `${process.platform} ${process.arch}`,
      device: deviceOf(context, run.id),
      cores: processorCores(),
      memoryBytes: usableMemoryBytes(),
    },
    steps: run.step,
    metrics: run.metrics,
    notes: run.notes,
  };
}

function parseCard(text: string): RunCard {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new TunebenchError('run.notACard', { detail: String(error) }, { cause: error });
  }
  const parsed = runCardSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new TunebenchError('run.notACard', {
    detail: `${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`,
  });
}

/**
 * Reads a card back as a configuration of this workbench, with its own model and data of the same hashes.
 * @throws TunebenchError `run.notACard`
 */
export async function readRunCard(
  context: ServiceContext,
  text: string,
): Promise<{ card: RunCard; config: RunConfig; problems: Problem[] }> {
  const card = parseCard(text);
  const problems: Problem[] = [];
  const datasets = context.store.datasets.list();
  const dataset = datasets.find(({ versionHash }) => versionHash === card.dataset.hash);
  if (dataset === undefined) {
    const { name, hash } = card.dataset;
    problems.push(describeProblem('run.cardWithoutData', { name, hash: hash.slice(0, 12) }, 'datasetId'));
  }
  const watched = datasets.find(({ versionHash }) => versionHash === card.watch?.hash);
  if (card.watch && watched === undefined) {
    const { name, hash } = card.watch;
    problems.push(
      describeProblem('run.cardWithoutData', { name, hash: hash.slice(0, 12) }, 'watchDatasetId'),
    );
  }
  const models = context.store.models.list();
  // Models of the right name first: a hash is computed from every byte of a folder.
  const likely = models.toSorted(
    (a, b) => Number(b.name === card.model.name) - Number(a.name === card.model.name),
  );
  let modelId: string | undefined;
  for (const model of likely) {
    if ((await hashModelFolder(context, model.folder).catch(() => '')) !== card.model.hash) continue;
    modelId = model.id;
    break;
  }
  if (modelId === undefined) {
    const { name, hash } = card.model;
    problems.push(describeProblem('run.cardWithoutModel', { name, hash: hash.slice(0, 12) }, 'modelId'));
  }
  const { watchDatasetId: _theirs, ...settings } = card.config;
  const config = {
    ...settings,
    ...(watched ? { watchDatasetId: watched.id } : {}),
    name: card.name,
    modelId: modelId ?? card.config.modelId,
    datasetId: dataset?.id ?? card.config.datasetId,
  };
  return { card, config, problems };
}

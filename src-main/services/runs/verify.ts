import type { RunDetail } from '../../contract/runs.ts';
import { settingPaths } from '../../contract/settingPaths.ts';
import type { Verification } from '../../contract/verification.ts';
import { sampleOptions } from '../../engine/index.ts';
import { readManifest } from '../../platform/index.ts';
import type { ServiceContext } from '../context.ts';
import { decidesResult, steeringOf } from './steerRun.ts';
import { loadJob } from './resultFolders.ts';

const rowsNamed = 100;
/** Metrics that say how fast the machine was, not what was learned. */
const speeds = /rowsPerSecond|tokensPerSecond/;

type Pair = Verification['settings'][number];

/** Everything a run was told, except what it is called, where its material is kept and what was only looked at. */
function settingsOf({ store }: ServiceContext, { id, config, versions }: RunDetail): Map<string, string> {
  const {
    name: _name,
    modelId: _modelId,
    datasetId: _datasetId,
    watchDatasetId: _watched,
    ...deciding
  } = config;
  const settings = new Map(
    settingPaths({ ...deciding, versions }).map(([name, value]) => [name, JSON.stringify(value)]),
  );
  for (const name of Object.keys(sampleOptions)) settings.delete(`training.${name}`);
  for (const { step, change } of steeringOf(store, id).filter(decidesResult)) {
    const { kind, ...values } = change;
    settings.set(`steering.${step}.${kind}`, Object.values(values).join(' '));
  }
  return settings;
}

function differences(first: ReadonlyMap<string, string>, second: ReadonlyMap<string, string>): Pair[] {
  return [...new Set([...first.keys(), ...second.keys()])]
    .map((name) => ({ name, first: first.get(name) ?? null, second: second.get(name) ?? null }))
    .filter((pair) => pair.first !== pair.second);
}

/** Walks two data files side by side: both may be larger than memory. */
function compareRows(context: ServiceContext, firstPath: string, secondPath: string): Verification['data'] {
  if (firstPath === secondPath) return { same: true, rows: [], differingRows: 0 };
  const [first, second] = [firstPath, secondPath].map((path) =>
    context.files.readLines(path)[Symbol.iterator](),
  );
  const rows: Verification['data']['rows'] = [];
  let differingRows = 0;
  for (let row = 1; first !== undefined && second !== undefined; row++) {
    const [one, other] = [first.next(), second.next()];
    if (one.done === true && other.done === true) break;
    const pair = {
      first: one.done === true ? null : one.value,
      second: other.done === true ? null : other.value,
    };
    if (pair.first === pair.second) continue;
    differingRows++;
    if (rows.length < rowsNamed) rows.push({ row, ...pair });
  }
  return { same: differingRows === 0, rows, differingRows };
}

/** Sizes and hashes of everything a run wrote at its end; null before that. */
function resultOf(context: ServiceContext, run: RunDetail): string | null {
  const folder = context.files.join(context.dataFolder.runPath(run.id), 'result');
  return context.files.exists(folder) ? JSON.stringify(readManifest(folder).files) : null;
}

function compareMetrics(first: RunDetail, second: RunDetail): Verification['metrics'] {
  return [...new Set([...Object.keys(first.metrics), ...Object.keys(second.metrics)])]
    .filter((name) => !speeds.test(name))
    .map((name) => ({ name, first: first.metrics[name] ?? null, second: second.metrics[name] ?? null }))
    .filter((pair) => pair.first !== pair.second);
}

/** Says whether a run repeated another one, and if not, in what they differ. */
export function verifyRun(context: ServiceContext, first: RunDetail, second: RunDetail): Verification {
  const results = [resultOf(context, first), resultOf(context, second)];
  return {
    firstId: first.id,
    secondId: second.id,
    settings: differences(settingsOf(context, first), settingsOf(context, second)),
    sameModel: first.modelHash === second.modelHash,
    data: compareRows(context, loadJob(context, first.id).dataFile, loadJob(context, second.id).dataFile),
    sameResult: results.includes(null) ? null : results[0] === results[1],
    metrics: compareMetrics(first, second),
  };
}

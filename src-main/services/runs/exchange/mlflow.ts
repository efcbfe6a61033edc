import type { RunDetail, RunStatus } from '../../../contract/runs.ts';
import { writeFolderAtomically } from '../../../platform/index.ts';
import type { ServiceContext } from '../../context.ts';
import { writeDocument } from '../documents.ts';
import { fileNames, timesOf } from './outside.ts';

/** RunStatus of MLflow. */
const statusNumbers: Readonly<Record<RunStatus, number>> = {
  queued: 2,
  preparing: 1,
  running: 1,
  paused: 1,
  completed: 3,
  stopped: 5,
  failed: 4,
  interrupted: 5,
};

const milliseconds = (time: string | null): string => (time === null ? 'null' : String(Date.parse(time)));
/** A YAML string that holds any text. */
const quoted = (text: string): string => JSON.stringify(text);
function runMeta(run: RunDetail, runId: string, target: string): string {
  return [
    `artifact_uri: ${quoted(`${target}/0/${runId}/artifacts`)}`,
    `end_time: ${milliseconds(run.endedAt)}`,
    "entry_point_name: ''",
    "experiment_id: '0'",
    'lifecycle_stage: active',
    `run_id: ${runId}`,
    `run_name: ${quoted(run.name)}`,
    `run_uuid: ${runId}`,
    "source_name: ''",
    'source_type: 4',
    "source_version: ''",
    `start_time: ${milliseconds(run.startedAt ?? run.createdAt)}`,
    `status: ${statusNumbers[run.status]}`,
    'tags: []',
    'user_id: tunebench',
    '',
  ].join('\n');
}

function experimentMeta(target: string, now: number): string {
  return [
    `artifact_location: ${quoted(`${target}/0`)}`,
    `creation_time: ${now}`,
    "experiment_id: '0'",
    `last_update_time: ${now}`,
    'lifecycle_stage: active',
    'name: Tunebench',
    '',
  ].join('\n');
}

/** MLflow's ids are 32 hexadecimal digits. */
function mlflowId(id: string): string {
  const digits = Array.from(new TextEncoder().encode(id), (byte) => byte.toString(16).padStart(2, '0')).join(
    '',
  );
  const hex = /^[0-9a-f-]+$/.test(id) ? id.replaceAll('-', '') : digits;
  return hex.padEnd(32, '0').slice(-32);
}

/**
 * Writes runs as the file store of an MLflow experiment, with their cards and reports as artifacts:
 * `MLFLOW_ALLOW_FILE_STORE=true mlflow ui --backend-store-uri FOLDER` shows them.
 * @returns the bytes written
 */
export function exportMlflow(context: ServiceContext, runs: readonly RunDetail[], target: string): number {
  const { sizeBytes } = writeFolderAtomically(target, (file) => {
    const encoder = new TextEncoder();
    const write = (name: string, text: string) => file(name).write(encoder.encode(text));
    write('0/meta.yaml', experimentMeta(target, Date.now()));
    for (const run of runs) {
      const id = mlflowId(run.id);
      const folder = `0/${id}`;
      write(`${folder}/meta.yaml`, runMeta(run, id, target));
      write(`${folder}/tags/mlflow.runName`, run.name);
      write(`${folder}/tags/mlflow.note.content`, run.notes);
      const { config } = run;
      const parameters = { method: run.methodId, model: run.modelName, dataset: run.datasetName };
      const options = { ...config.objective, ...config.method.options, ...config.training };
      const parameterName = fileNames();
      for (const [name, value] of Object.entries({ ...parameters, ...options })) {
        const text = Array.isArray(value) ? value.join(',') : String(value);
        write(`${folder}/params/${parameterName(name)}`, text);
      }
      for (const document of ['card', 'html'] as const) {
        const { name, text } = writeDocument(context, run, document, 'en');
        write(`${folder}/artifacts/${name}`, text);
      }
      const timeOf = timesOf(context, run);
      const metricName = fileNames();
      // Without a folder of metrics it would be no run there.
      write(`${folder}/metrics/${metricName('steps')}`, `${timeOf(run.step)} ${run.step} ${run.step}\n`);
      for (const { metric, steps, values } of context.store.metrics.points(run.id)) {
        if (metric.startsWith('axis.')) continue;
        const sink = file(`${folder}/metrics/${metricName(metric)}`);
        steps.forEach((step, index) => {
          sink.write(encoder.encode(`${timeOf(step)} ${values[index] ?? 0} ${step}\n`));
        });
      }
    }
  });
  return sizeBytes;
}

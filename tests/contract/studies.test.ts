import { expect, test } from 'vitest';
import { classificationConfig, eventsUntil } from './runFixtures.ts';
import { codesOfCall, openHostForFile } from './testHost.ts';

const { folder, host } = await openHostForFile();

test('d90 is measured by ordinary runs of full fine-tuning and several dimensions', async () => {
  const { modelId, datasetId, task, objective } = await classificationConfig(host.client, folder.path);
  const started = await host.client.studies.startD90({
    name: 'd90',
    modelId,
    datasetId,
    task,
    objective,
    dimensions: [3, 200, 400],
    seeds: [0],
    budget: { kind: 'steps', steps: 2 },
    fullLearningRate: 1e-3,
  });
  expect(started.refused).toMatchObject([{ problems: [{ code: 'method.dimensionTooSmall' }] }]);
  expect(started.runs.map(({ methodId }) => methodId)).toEqual([
    'full',
    'intrinsicDimension',
    'intrinsicDimension',
  ]);
  for (const { id } of started.runs) await eventsUntil(host.client, id, 'finished');
  const result = await host.client.studies.d90({ group: started.group });
  expect(result).toMatchObject({ group: 'd90', runs: 3, finishedRuns: 3 });
  expect(result.points.map(({ dimension }) => dimension)).toEqual([200, 400]);
  for (const { value, share } of result.points) expect(share).toBeCloseTo(value / Number(result.full));
  const reached = result.points.find(({ share }) => share >= 0.9);
  expect(result.d90).toBe(reached?.dimension ?? null);
  const watching = { modelId, datasetId, task, objective, watchDatasetId: datasetId };
  const asked = host.client.studies.startD90({
    ...watching,
    seeds: [0],
    budget: { kind: 'steps', steps: 2 },
  });
  expect(await codesOfCall(asked)).toContain('run.watchIsTraining');
  expect(await codesOfCall(host.client.studies.d90({ group: 'nobody' }))).toEqual(['bakeOff.notFound']);
});

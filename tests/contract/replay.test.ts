import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { classificationConfig, eventsUntil } from './runFixtures.ts';
import { codesOfCall, openHostForFile } from './testHost.ts';

const { folder, host } = await openHostForFile();

describe('a run that was replayed', () => {
  let runId: string;

  test('gives the same bytes and metrics', async () => {
    const run = await host.client.runs.start(await classificationConfig(host.client, folder.path));
    runId = run.id;
    await eventsUntil(host.client, run.id, 'finished');
    expect(await codesOfCall(host.client.runs.verify({ id: run.id }))).toEqual(['run.noParent']);
    const replay = await host.client.runs.replay({ id: run.id });
    await eventsUntil(host.client, replay.id, 'finished');
    expect(await host.client.runs.verify({ id: replay.id })).toEqual({
      firstId: run.id,
      secondId: replay.id,
      settings: [],
      sameModel: true,
      data: { same: true, rows: [], differingRows: 0 },
      sameResult: true,
      metrics: [],
    });
  });

  test('on data with one label changed names that row', async () => {
    const { config } = await host.client.runs.get({ id: runId });
    const importRows = async (name: string, changedRow: number | null) => {
      const rows = Array.from({ length: 24 }, (_, index) => {
        const label = (index % 2 === 0) !== (index === changedRow) ? 'light' : 'music';
        return `lamp or song ${index},${label},${index < 16 ? 'train' : 'test'}`;
      });
      const file = path.join(folder.path, name);
      await writeFile(file, `text,label,split\n${rows.join('\n')}\n`);
      const mapping = { roles: { text: 'text', label: 'label' }, splitColumn: 'split' } as const;
      return host.client.datasets.import({ files: [{ path: file }], mapping });
    };
    const before = await importRows('before.csv', null);
    const after = await importRows('after.csv', 3);
    const first = await host.client.runs.start({ ...config, datasetId: before.id });
    await eventsUntil(host.client, first.id, 'finished');
    const child = await host.client.runs.start({ ...config, datasetId: after.id, parentRunId: first.id });
    await eventsUntil(host.client, child.id, 'finished');
    const found = await host.client.runs.verify({ id: child.id });
    expect(found).toMatchObject({ settings: [], sameModel: true, sameResult: false });
    expect(found.data).toMatchObject({ same: false, differingRows: 1 });
    const [row] = found.data.rows;
    expect(row?.row).toBe(4);
    expect(JSON.parse(row?.first ?? '')).toMatchObject({ label: 'music' });
    expect(JSON.parse(row?.second ?? '')).toMatchObject({ label: 'light' });
  });

  test('with another setting names it', async () => {
    const { config } = await host.client.runs.get({ id: runId });
    const training = { ...config.training, learningRate: 4e-3 };
    const child = await host.client.runs.start({ ...config, training, parentRunId: runId });
    await eventsUntil(host.client, child.id, 'finished');
    const found = await host.client.runs.verify({ id: child.id });
    expect(found.settings).toEqual([{ name: 'training.learningRate', first: '0.005', second: '0.004' }]);
    expect(found.sameResult).toBe(false);
    expect(found.metrics.map(({ name }) => name)).toContain('train.loss');
  });
});

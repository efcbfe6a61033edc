import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { Job } from '../../src-main/contract/events.ts';
import { codesOfCall, openHostForFile } from './testHost.ts';

const rowCount = 30_000;
const { folder, host } = await openHostForFile();
let file: string;

beforeAll(async () => {
  file = path.join(folder.path, 'many.jsonl');
  const rows = Array.from({ length: rowCount }, (_, row) =>
    JSON.stringify({ text: `row ${row} says ${row * 7919}`, label: `label ${row % 5}` }),
  );
  await writeFile(file, rows.join('\n'));
});

const importMany = () =>
  host.client.datasets.import({
    files: [{ path: file }],
    mapping: { roles: { text: 'text', label: 'label' } },
  });

/** Cancels the first running job of a kind as soon as it has come as far as `reached` says. */
async function cancelWhen(kind: Job['kind'], reached: (job: Job) => boolean): Promise<void> {
  for await (const job of await host.client.jobs.watch()) {
    if (job.kind !== kind || job.status !== 'running' || !reached(job)) continue;
    await host.client.jobs.cancel({ id: job.id });
    return;
  }
}

test.each([
  ['while the file is read', ({ done, total }: Job) => done > 0 && total === null],
  ['while rows are written', ({ done, total }: Job) => done > 0 && total === rowCount],
])('an import cancelled %s leaves nothing', async (_, reached) => {
  const [codes] = await Promise.all([codesOfCall(importMany()), cancelWhen('datasetImport', reached)]);
  expect(codes).toEqual(['common.cancelled']);
  expect(await host.client.datasets.list()).toEqual([]);
});

test('a check runs beside everything else and ends at once when it is cancelled', async () => {
  const { id } = await importMany();
  const check = codesOfCall(host.client.datasets.check({ source: { datasetId: id } }));
  const asked = cancelWhen('datasetCheck', ({ done }) => done > 0);
  // The host answers while the thread works.
  expect((await host.client.datasets.rows({ id, limit: 1 })).total).toBe(rowCount);
  await asked;
  expect(await check).toEqual(['common.cancelled']);
});

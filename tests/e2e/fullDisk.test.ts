import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import {
  type FaultControl,
  buildFailingCalls,
  canFailCalls,
  createFaultControl,
} from '../faults/failingCalls.ts';
import { faultsOf } from '../support/accessibility.ts';
import { connectTo } from '../support/connect.ts';
import { describeWorkbench } from '../support/describeWorkbench.ts';
import { sampleRun } from '../support/sampleRun.ts';
import { goTo, hasBrowser } from '../support/workbench.ts';

const folder = mkdtempSync(join(tmpdir(), 'tunebench-full-'));
let disk: FaultControl | undefined;
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describeWorkbench(
  'a full disk',
  ({ open, url }) => {
    test('is told by a banner while the run stands still, which goes on when there is room', async () => {
      const line = await connectTo(url());
      const training = { epochs: 1000, sampleRows: 0 };
      const run = await line.client.runs.start(await sampleRun(line.client, { name: 'Long', training }));
      const { page } = await open();
      await goTo(page, `#/runs/${run.id}/train`);
      await page.getByRole('group', { name: /^Loss by step\. Training: from / }).waitFor();

      disk?.arm({ failure: 'ENOSPC', at: 1, forGood: true });
      const banner = page.getByRole('alert').filter({ hasText: 'is full' });
      await banner.getByRole('link', { name: 'Long' }).waitFor();
      const { step } = await line.client.runs.get({ id: run.id });
      expect(await line.client.runs.blocked({})).toMatchObject([
        { runId: run.id, problem: { code: 'run.logDiskFull' } },
      ]);
      expect(await faultsOf(page)).toEqual([]);
      // It is still full: nobody loses anything by asking.
      await banner.getByRole('button', { name: 'Try again' }).click();
      expect(await line.client.runs.blocked({})).toHaveLength(1);

      expect(disk?.disarm().fired).not.toBeNull();
      await banner.waitFor({ state: 'detached' });
      await expect.poll(async () => (await line.client.runs.get({ id: run.id })).step).toBeGreaterThan(step);
      await page.getByRole('button', { name: 'Stop' }).click();
      await page.getByRole('alertdialog').getByRole('button', { name: 'Stop' }).click();
      await page.getByText(/^Stopped after /).waitFor();
      await line.close();
    });
  },
  {
    possible: hasBrowser && canFailCalls,
    environment(home) {
      disk = createFaultControl(buildFailingCalls(folder), join(folder, 'plan'), home);
      return disk.environment;
    },
  },
);

import { expect, test } from 'vitest';
import { eventsUntil } from '../contract/runFixtures.ts';
import { faultsOf } from '../support/accessibility.ts';
import { connectTo } from '../support/connect.ts';
import { describeWorkbench } from '../support/describeWorkbench.ts';
import { press } from '../support/keyboard.ts';
import { sampleRun } from '../support/sampleRun.ts';
import { goTo } from '../support/workbench.ts';

describeWorkbench('the checkpoints of a run', ({ open, url }) => {
  test('are listed, pruned and brought back, and a fork goes on from one with its parent’s curve', async () => {
    const line = await connectTo(url());
    const training = { maximumSteps: 8, checkpointEverySteps: 2, keepCheckpoints: 4, sampleRows: 0 };
    const run = await line.client.runs.start(await sampleRun(line.client, { name: 'Parent', training }));
    await eventsUntil(line.client, run.id, 'finished');
    await line.close();

    const { page } = await open();
    await goTo(page, `#/runs/${run.id}/train`);
    const card = page.getByRole('region', { name: 'Checkpoints' });
    const steps = async () => (await card.getByRole('rowheader').allInnerTexts()).map(Number);
    await expect.poll(steps).toEqual([8, 6, 4, 2]);
    await card.getByRole('row', { name: /^8 .*last/ }).waitFor();

    await press(card, /^Prune$/);
    const told = card.getByRole('status');
    await told.getByText(/^Moved to the bin: /).waitFor();
    const binned = (await told.innerText()).match(/\d+/g)?.map(Number) ?? [];
    expect(binned.length).toBeGreaterThan(1);
    await expect.poll(async () => [...(await steps()), ...binned].sort()).toEqual([2, 4, 6, 8]);
    await card.getByText(/^Bin: /).waitFor();
    expect(await faultsOf(page)).toEqual([]);
    await press(card, /^Undo$/);
    await expect.poll(steps).toEqual([8, 6, 4, 2]);

    await card.getByRole('button', { name: 'Delete the checkpoint of step 2' }).click();
    await told.getByText('Moved to the bin: 2.').waitFor();
    await card.getByText(/^Bin: /).click();
    await card.getByRole('button', { name: 'Put step 2 back' }).click();
    await expect.poll(steps).toEqual([8, 6, 4, 2]);

    await card.getByRole('button', { name: 'Fork from step 4' }).click();
    const dialog = page.getByRole('dialog', { name: 'A new run from step 4' });
    await dialog.getByLabel('Learning rate').fill('0.0001');
    await dialog.getByRole('button', { name: 'Start' }).click();
    await page.getByRole('heading', { level: 1, name: 'Parent @ 4' }).waitFor();
    await page.getByRole('status').filter({ hasText: 'Completed' }).waitFor();
    await page.getByText('Step 4: learning rate set to 1e-4').waitFor();
    const loss = page.getByRole('group', {
      name: /^Loss by step\. Training: .* Training, still in Parent: /,
    });
    await loss.waitFor();
    await page.getByRole('button', { name: 'Show as table: Loss' }).click();
    const table = page.getByRole('group', { name: 'Loss', exact: true });
    const heads = table.getByRole('columnheader');
    await expect.poll(() => heads.allInnerTexts()).toContain('Training, still in Parent');
    await expect.poll(() => table.getByRole('row').count()).toBe(1 + 8);
  });
});

import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { connectTo } from '../support/connect.ts';
import { describeWorkbench } from '../support/describeWorkbench.ts';
import { sampleRun } from '../support/sampleRun.ts';
import { goTo } from '../support/workbench.ts';

/** The rows of the table twin of a chart. */
async function tableOf(page: Page, title: string): Promise<string[]> {
  await page.getByRole('button', { name: `Show as table: ${title}` }).click();
  const rows = await page.getByRole('group', { name: title, exact: true }).getByRole('row').allInnerTexts();
  await page.getByRole('button', { name: `Show as chart: ${title}` }).click();
  return rows;
}

describeWorkbench('two windows', ({ open, url }) => {
  test('one is loaded again in mid-run, the other steers: both end with the same whole curves', async () => {
    const first = await open();
    const second = await open();
    // Long enough that it still goes on when both have found it.
    const card = first.page.getByRole('article', { name: 'Sort short texts' });
    await card.getByRole('button', { name: 'Adjust first' }).click();
    await first.page.getByRole('textbox', { name: 'Epochs', exact: true }).fill('1000');
    const forecast = first.page.getByRole('complementary', { name: 'Forecast' });
    await forecast.getByRole('button', { name: 'Train' }).click();
    await first.page.waitForURL(/#\/runs\/.+\/train$/);
    const address = new URL(first.page.url()).hash;
    await goTo(second.page, address);
    const drawn = (page: Page) => page.getByRole('group', { name: /^Loss by step\. Training: from / });
    await Promise.all([drawn(first.page).waitFor(), drawn(second.page).waitFor()]);

    await second.page.reload();
    await drawn(second.page).waitFor();
    await first.page.getByLabel('Learning rate', { exact: true }).fill('0.0005');
    await first.page.getByRole('button', { name: 'Set' }).first().click();
    for (const { page } of [first, second]) await page.getByText(/learning rate set to 5e-4/).waitFor();
    await first.page.getByRole('button', { name: 'Stop' }).click();
    await first.page.getByRole('alertdialog').getByRole('button', { name: 'Stop' }).click();
    for (const { page } of [first, second]) {
      await page.getByRole('status').filter({ hasText: 'Stopped' }).waitFor();
    }
    const tables = async (page: Page) => ({
      loss: await tableOf(page, 'Loss'),
      accuracy: await tableOf(page, 'Accuracy'),
      samples: await page.getByRole('region', { name: 'Samples' }).innerText(),
    });
    // Each asks the host for its curves and samples once more when it hears of the end.
    const difference = async () => {
      const [one, other] = [await tables(first.page), await tables(second.page)];
      expect(one.loss.length).toBeGreaterThan(3);
      return JSON.stringify(one) === JSON.stringify(other) ? undefined : { one, other };
    };
    await expect.poll(difference).toBeUndefined();
  });

  test('the log and the queue show what another window or a terminal does, at once and untouched', async () => {
    const { page } = await open();
    await goTo(page, '#/runs');
    await page.getByRole('button', { name: 'Import', exact: true }).waitFor();
    const other = await connectTo(url());
    const { client } = other;
    await client.system.saveSettings({ queuePaused: true });
    const queue = page.getByRole('list', { name: 'Queue' });
    await queue.getByText('No run waits.').waitFor();
    const start = async (name: string) => client.runs.start(await sampleRun(client, { name, training: {} }));
    const first = await start('early');
    const second = await start('late');
    await expect.poll(() => queue.getByRole('link').allInnerTexts()).toEqual(['early', 'late']);
    await client.runs.move({ id: second.id, place: 0 });
    await expect.poll(() => queue.getByRole('link').allInnerTexts()).toEqual(['late', 'early']);

    const rows = page.getByRole('group', { name: 'All runs' });
    await client.runs.annotate({ id: first.id, change: { name: 'renamed', tags: ['draft'], starred: true } });
    const row = rows.getByRole('row').filter({ hasText: 'renamed' });
    await row.getByText('draft').waitFor();
    await row.getByRole('button', { name: 'Remove the star: renamed' }).waitFor();
    await client.runs.stop({ id: first.id });
    await row.getByText('Stopped').waitFor();
    // Also on its own page, but for what somebody is just writing there.
    await row.getByRole('link', { name: 'renamed' }).click();
    await page.getByRole('heading', { level: 1, name: 'renamed' }).waitFor();
    await page.getByLabel('Project', { exact: true }).fill('mine');
    await client.runs.annotate({
      id: first.id,
      change: { name: 'again', tags: ['done'], project: 'theirs' },
    });
    await page.getByRole('heading', { level: 1, name: 'again' }).waitFor();
    await expect.poll(() => page.getByLabel('Tags', { exact: true }).inputValue()).toBe('done');
    expect(await page.getByLabel('Project', { exact: true }).inputValue()).toBe('mine');
    await goTo(page, '#/runs');
    await rows.getByRole('row').filter({ hasText: 'again' }).waitFor();
    await client.runs.remove({ id: first.id });
    await rows.getByRole('row').filter({ hasText: 'again' }).waitFor({ state: 'detached' });
    await rows.getByRole('row').filter({ hasText: 'late' }).waitFor();
    await client.runs.stop({ id: second.id });
    await client.system.saveSettings({ queuePaused: false });
    await queue.waitFor({ state: 'detached' });

    await client.system.saveSettings({ queuePaused: true });
    await goTo(page, '#/bake-off');
    await page.getByRole('button', { name: /^Start / }).waitFor();
    const { modelId, datasetId, task } = second.config;
    const budget = { kind: 'steps' as const, steps: 1 };
    const methods = [{ id: 'lora' }];
    await client.bakeOff.start({ name: 'Elsewhere', modelId, datasetId, task, methods, seeds: [0], budget });
    await page.getByRole('link', { name: 'Elsewhere' }).waitFor();
    await other.close();
  });
});

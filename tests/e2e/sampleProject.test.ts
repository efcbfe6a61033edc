import { expect, test } from 'vitest';
import { faultsOf } from '../support/accessibility.ts';
import { describeWorkbench } from '../support/describeWorkbench.ts';
import { goTo } from '../support/workbench.ts';

describeWorkbench('the sample project', ({ open, restart }) => {
  test('one click trains, draws, completes and predicts; the run is still there after a restart', async () => {
    const { page } = await open();
    const card = page.getByRole('article', { name: 'Sort short texts' });
    await card.getByRole('button', { name: 'Train' }).click();

    await page.waitForURL(/#\/runs\/.+\/train$/);
    expect(page.url()).not.toContain('token');
    await page.getByRole('progressbar', { name: 'Progress' }).waitFor();
    const name = await page.getByRole('heading', { level: 1 }).innerText();
    await page.getByRole('group', { name: /^Loss by step\. Training: from / }).waitFor();

    const status = page.getByRole('status').filter({ hasText: 'Completed' });
    await status.waitFor();
    await page.getByRole('group', { name: /^Accuracy by step\..*Validation: from / }).waitFor();
    const samples = page.getByRole('region', { name: 'Samples' });
    await samples.getByText(/^Step \d+$/).waitFor();
    await samples.getByText(/^\d of 4 right$/).waitFor();
    await page.getByRole('button', { name: 'Show as table: Loss' }).click();
    const table = page.getByRole('group', { name: 'Loss' });
    await expect.poll(() => table.getByRole('row').count()).toBeGreaterThan(3);

    // Eight labels: guessing would be right once in eight.
    const progress = page.getByRole('region', { name: 'Progress' });
    const accuracy = progress.getByText('Test · Accuracy').locator('+ p');
    await expect.poll(async () => Number.parseFloat(await accuracy.innerText())).toBeGreaterThan(30);

    await page.getByRole('link', { name: 'Try it' }).click();
    await page.getByLabel('Text', { exact: true }).fill('Turn off the lamp in the bedroom, please');
    await page.getByRole('button', { name: 'Predict' }).click();
    const bars = page.getByRole('list', { name: 'Probabilities' });
    await bars.waitFor();
    await expect.poll(() => bars.getByRole('listitem').count()).toBeGreaterThan(5);

    const steps = page.getByRole('navigation', { name: 'Steps of this run' });
    for (const step of ['Use', 'Test', 'Validate', 'Train']) {
      await steps.getByRole('link', { name: step }).click();
      await steps.locator('[aria-current=page]').filter({ hasText: step }).waitFor();
      expect({ step, faults: await faultsOf(page) }).toEqual({ step, faults: [] });
    }
    await steps.getByRole('link', { name: 'Test' }).click();
    await page.getByRole('region', { name: 'Confusion matrix' }).waitFor();

    await page.close();
    await restart();
    const again = await open();
    await goTo(again.page, '#/runs');
    const row = again.page.getByRole('row').filter({ hasText: name });
    await row.getByText('Completed').waitFor();
    await row.getByRole('link', { name }).click();
    await again.page.getByRole('group', { name: /^Loss by step\. Training: from / }).waitFor();
  });

  test('a run can be paused, resumed and stopped', async () => {
    const { page } = await open();
    const card = page.getByRole('article', { name: 'Sort short texts' });
    await card.getByRole('button', { name: 'Adjust first' }).click();
    await page.getByRole('textbox', { name: 'Epochs', exact: true }).fill('1000');
    const train = page
      .getByRole('complementary', { name: 'Forecast' })
      .getByRole('button', { name: 'Train' });
    await train.click();
    await page.waitForURL(/#\/runs\/.+\/train$/);

    const shownStatus = (text: string) => page.getByRole('status').filter({ hasText: text });
    await shownStatus('Training').waitFor();
    await page.getByRole('group', { name: /^Loss by step\. Training: from / }).waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    await shownStatus('Paused').waitFor();
    await page.getByRole('button', { name: 'Resume' }).click();
    await shownStatus('Training').waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Stop' }).click();
    await shownStatus('Stopped').waitFor();
    await page.getByText(/^Stopped after /).waitFor();
  });
});

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { faultsOf } from '../support/accessibility.ts';
import {
  type Workbench,
  goTo,
  hasBrowser,
  launchBrowser,
  makeHome,
  openWindow,
  removeHome,
  startWorkbench,
} from '../support/workbench.ts';

const trainingMs = 180_000;

describe.skipIf(!hasBrowser)('the sample project', () => {
  const home = makeHome();
  let browser: Browser;
  let workbench: Workbench;

  beforeAll(async () => {
    [workbench, browser] = await Promise.all([startWorkbench(home), launchBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await workbench?.stop();
    removeHome(home);
  });

  test(
    'one click trains, draws, completes and predicts; the run is still there after a restart',
    { timeout: 2 * trainingMs },
    async () => {
      const { page, faults, close } = await openWindow(browser, workbench.url);
      const card = page.getByRole('article', { name: 'Sort short texts' });
      await card.getByRole('button', { name: 'Train' }).click();

      await page.waitForURL(/#\/runs\/.+\/train$/);
      const name = await page.getByRole('heading', { level: 1 }).innerText();
      expect(page.url()).not.toContain('token');
      await page.getByRole('progressbar', { name: 'Progress' }).waitFor();
      await page
        .getByRole('group', { name: /^Loss by step\. Training: from / })
        .waitFor({ timeout: trainingMs });

      const status = page.getByRole('status').filter({ hasText: 'Completed' });
      await status.waitFor({ timeout: trainingMs });
      await page.getByRole('group', { name: /^Accuracy by step\..*Validation: from / }).waitFor();
      await page.getByRole('button', { name: 'Show as table: Loss' }).click();
      const table = page.getByRole('group', { name: 'Loss' });
      expect(await table.getByRole('row').count()).toBeGreaterThan(3);

      // Eight labels: guessing would be right once in eight.
      const progress = page.getByRole('region', { name: 'Progress' });
      const accuracy = await progress.getByText('Test · Accuracy').locator('+ p').innerText();
      expect(Number.parseFloat(accuracy)).toBeGreaterThan(30);

      await page.getByRole('link', { name: 'Try it' }).click();
      await page.getByLabel('Text', { exact: true }).fill('Turn off the lamp in the bedroom, please');
      await page.getByRole('button', { name: 'Predict' }).click();
      const bars = page.getByRole('list', { name: 'Probabilities' });
      await bars.waitFor({ timeout: 60_000 });
      expect(await bars.getByRole('listitem').count()).toBeGreaterThan(5);

      const steps = page.getByRole('navigation', { name: 'Steps of this run' });
      for (const step of ['Use', 'Test', 'Validate', 'Train']) {
        await steps.getByRole('link', { name: step }).click();
        await steps.locator('[aria-current=page]').filter({ hasText: step }).waitFor();
        expect({ step, faults: await faultsOf(page) }).toEqual({ step, faults: [] });
      }
      await steps.getByRole('link', { name: 'Test' }).click();
      await page.getByRole('region', { name: 'Confusion matrix' }).waitFor();
      expect(faults).toEqual([]);
      await close();

      await workbench.stop();
      workbench = await startWorkbench(home);
      const again = await openWindow(browser, workbench.url);
      await goTo(again.page, '#/runs');
      const row = again.page.getByRole('row').filter({ hasText: name });
      await row.getByText('Completed').waitFor();
      await row.getByRole('link', { name }).click();
      await again.page.getByRole('group', { name: /^Loss by step\. Training: from / }).waitFor();
      expect(again.faults).toEqual([]);
      await again.close();
    },
  );

  test('a run can be paused, resumed and stopped', { timeout: trainingMs }, async () => {
    const { page, faults, close } = await openWindow(browser, workbench.url);
    const card = page.getByRole('article', { name: 'Sort short texts' });
    await card.getByRole('button', { name: 'Adjust first' }).click();
    await page.getByRole('textbox', { name: 'Epochs', exact: true }).fill('200');
    const train = page
      .getByRole('complementary', { name: 'Forecast' })
      .getByRole('button', { name: 'Train' });
    await train.click();
    await page.waitForURL(/#\/runs\/.+\/train$/);

    const shownStatus = (text: string) => page.getByRole('status').filter({ hasText: text });
    await shownStatus('Training').waitFor({ timeout: 60_000 });
    await page.getByRole('group', { name: /^Loss by step\. Training: from / }).waitFor({ timeout: 60_000 });
    await page.getByRole('button', { name: 'Pause' }).click();
    await shownStatus('Paused').waitFor();
    await page.getByRole('button', { name: 'Resume' }).click();
    await shownStatus('Training').waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Stop' }).click();
    await shownStatus('Stopped').waitFor({ timeout: 60_000 });
    await page.getByText(/^Stopped after /).waitFor();
    expect(faults).toEqual([]);
    await close();
  });
});

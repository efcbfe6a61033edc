import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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

/** The rows of the table twin of a chart. */
async function tableOf(page: Page, title: string): Promise<string[]> {
  await page.getByRole('button', { name: `Show as table: ${title}` }).click();
  const rows = await page.getByRole('group', { name: title, exact: true }).getByRole('row').allInnerTexts();
  await page.getByRole('button', { name: `Show as chart: ${title}` }).click();
  return rows;
}

describe.skipIf(!hasBrowser)('two windows on one run', () => {
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
    'one is loaded again in mid-run, the other steers: both end with the same whole curves',
    { timeout: 2 * trainingMs },
    async () => {
      const first = await openWindow(browser, workbench.url);
      const second = await openWindow(browser, workbench.url);
      await first.page
        .getByRole('article', { name: 'Sort short texts' })
        .getByRole('button', { name: 'Train' })
        .click();
      await first.page.waitForURL(/#\/runs\/.+\/train$/);
      const address = new URL(first.page.url()).hash;
      await goTo(second.page, address);
      const drawn = (page: Page) => page.getByRole('group', { name: /^Loss by step\. Training: from / });
      await Promise.all([drawn(first.page).waitFor({ timeout: trainingMs }), drawn(second.page).waitFor()]);

      await second.page.reload();
      await drawn(second.page).waitFor();
      await first.page.getByLabel('Learning rate', { exact: true }).fill('0.0005');
      await first.page.getByRole('button', { name: 'Set' }).first().click();
      for (const { page } of [first, second]) {
        await page.getByRole('status').filter({ hasText: 'Completed' }).waitFor({ timeout: trainingMs });
      }
      for (const { page } of [first, second]) await page.getByText(/learning rate set to 5e-4/).waitFor();
      const tables = async (page: Page) => ({
        loss: await tableOf(page, 'Loss'),
        accuracy: await tableOf(page, 'Accuracy'),
      });
      const [one, other] = [await tables(first.page), await tables(second.page)];
      expect(one).toEqual(other);
      expect(one.loss.length).toBeGreaterThan(20);
      expect([...first.faults, ...second.faults]).toEqual([]);
      await first.close();
      await second.close();
    },
  );
});

import type { Browser, Page } from 'playwright-core';
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

/** Chooses from a list as a person without a mouse does: open it, type the beginning, take what is marked. */
async function choose(page: Page, id: string, beginning: string): Promise<void> {
  await page.locator(`#${id}`).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('option', { name: new RegExp(`^${beginning}`) }).waitFor();
  await page.keyboard.type(beginning);
  await page.keyboard.press('Enter');
  await page.locator(`#${id}`, { hasText: beginning }).waitFor();
}

describe.skipIf(!hasBrowser)('comparing methods', () => {
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

  test('from the form to the verdict by keyboard alone', { timeout: 180_000 }, async () => {
    const { page, faults, close } = await openWindow(browser, workbench.url);
    await goTo(page, '#/bake-off');
    const start = page.getByRole('button', { name: /^Start / });
    await choose(page, 'bake-off-data', 'Household');
    await choose(page, 'bake-off-model', 'Tiny encoder');
    // What applies is counted, and what does not says why.
    const row = page.getByRole('row', { name: /^LoRA / });
    await row.getByText('26,120').waitFor();
    await page.getByText('The method llamaAdapter does not know models of the type bert.').waitFor();

    await page.getByRole('radio', { name: 'Steps' }).focus();
    await page.keyboard.press('Space');
    await page.getByLabel('Budget of each run').fill('2');
    await page.getByLabel('Seeds', { exact: true }).fill('0, oops');
    await page.getByText('One to twenty whole numbers from 0 on').waitFor();
    expect(await start.isDisabled()).toBe(true);
    await page.getByLabel('Seeds', { exact: true }).fill('0');
    await page.getByRole('checkbox', { name: 'Houlsby adapters' }).focus();
    await page.keyboard.press('Space');
    await page.getByLabel('Learning rate of BitFit').fill('2e-3');
    expect(await faultsOf(page)).toEqual([]);

    await page.getByRole('button', { name: 'Start 2 runs' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/#\/bake-off\/.+/);
    await page
      .getByText(/^No clear winner: .+ but one seed cannot tell that from chance\.$/)
      .waitFor({ timeout: 120_000 });
    const table = page.getByRole('group', { name: 'Quality and costs' });
    expect(await table.getByRole('row').count()).toBe(3);
    await table.getByRole('row', { name: /^BitFit .*10,376.*0\.002/ }).waitFor();
    expect(await faultsOf(page)).toEqual([]);

    // Every row is an ordinary run of the log.
    await table.getByRole('link').first().focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/#\/runs\/.+\/train$/);
    expect(faults).toEqual([]);
    await close();
  });
});

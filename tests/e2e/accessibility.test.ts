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

const places = [
  '#/',
  '#/data',
  '#/data/import',
  '#/models',
  '#/models/import',
  '#/models/download',
  '#/setup/strategy',
  '#/runs',
  '#/bake-off',
  '#/step/train',
  '#/settings',
  '#/nowhere',
];

describe.skipIf(!hasBrowser)('every page', () => {
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

  test.each([
    ['en-US', 'light'],
    ['en-US', 'dark'],
    ['ko-KR', 'light'],
    ['ko-KR', 'dark'],
  ] as const)('has nothing axe objects to (%s, %s)', { timeout: 180_000 }, async (locale, colorScheme) => {
    const { page, faults, close } = await openWindow(browser, workbench.url, { locale, colorScheme });
    await page.getByRole('article').first().getByRole('button').first().waitFor();
    for (const place of places) {
      await goTo(page, place);
      await page.getByRole('heading', { level: 1 }).waitFor();
      const found = await faultsOf(page, colorScheme === 'dark' ? 'colours' : undefined);
      expect({ place, faults: found }).toEqual({ place, faults: [] });
    }
    expect(faults).toEqual([]);
    await close();
  });

  test('a dataset, its rows and the filled set-up form as well', { timeout: 120_000 }, async () => {
    const { page, close } = await openWindow(browser, workbench.url);
    await page.getByRole('article').first().getByRole('button', { name: 'Adjust first' }).click();
    await page.getByText('Ready to train').waitFor();
    // The method with the most settings.
    await page.getByRole('radio', { name: /^LoRA / }).click();
    for (const section of ['strategy', 'hyperparameters']) {
      await page
        .locator(`#${section}`)
        .getByRole('button', { name: /more setting/ })
        .first()
        .click();
    }
    expect(await faultsOf(page)).toEqual([]);

    await goTo(page, '#/data');
    await page.getByRole('main').getByRole('listitem').first().getByRole('link').click();
    await page.getByRole('table').waitFor();
    expect(await faultsOf(page)).toEqual([]);

    await page.getByRole('link', { name: 'Data', exact: true }).first().click();
    await page
      .getByRole('button', { name: /^Remove: / })
      .first()
      .click();
    await page.getByRole('alertdialog').waitFor();
    expect(await faultsOf(page)).toEqual([]);
    await close();
  });

  test('the keyboard reaches the content past the navigation, and a page says its name', async () => {
    const { page, close } = await openWindow(browser, workbench.url);
    await page.getByRole('article').first().waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.locator('#content:focus').waitFor();
    await page.getByRole('link', { name: 'Settings', exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.locator('h1:focus').filter({ hasText: 'Settings' }).waitFor();
    expect(await page.title()).toBe('Settings · Tunebench');
    await close();
  });
});

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { faultsOf } from '../support/accessibility.ts';
import { press, tabTo } from '../support/keyboard.ts';
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

describe.skipIf(!hasBrowser)('help while labelling', () => {
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
    'by keyboard alone: a probe suggests, a suggestion is accepted, similar records, rules, names, rounds',
    { timeout: 180_000 },
    async () => {
      const { page, faults, close } = await openWindow(browser, workbench.url);
      const shown = async () => (await page.getByRole('article').getAttribute('aria-label')) ?? '';
      const openRound = async () => {
        await goTo(page, '#/data');
        await press(page, /^Household requests$/);
        await press(page, /^Label$/);
        await tabTo(page, /^Labels the rows already have/);
        await page.keyboard.press('Enter');
        await page.keyboard.press('ArrowDown');
        await page.keyboard.press('ArrowDown');
        await page.keyboard.press('Enter');
        await press(page, /^Start labelling$/);
        await page.getByRole('article', { name: 'Record 1', exact: true }).waitFor();
      };
      await openRound();
      await press(page, /^Suggest labels$/);
      const dialog = page.getByRole('dialog');
      await dialog.getByText('A probe on a base model').waitFor();
      expect(await faultsOf(page)).toEqual([]);
      await press(page, /^Suggest labels$/);
      await page.getByText(/^Give two different labels/).waitFor({ timeout: 60_000 });
      await page.keyboard.press('Digit1');
      await page.keyboard.press('Digit2');
      await page.keyboard.press('Digit1');
      await page.getByText(/^Learned from 3 labels/).waitFor({ timeout: 60_000 });
      await page
        .getByRole('article')
        .getByText(/^Suggested: /)
        .waitFor();
      const before = await shown();
      await page.keyboard.press('Space');
      await page.getByRole('article', { name: 'Record 5', exact: true }).waitFor();
      expect(before).toBe('Record 4');

      await page.keyboard.press('Equal');
      const back = page.getByRole('button', { name: 'Back to the queue' });
      await back.waitFor();
      await page.getByText(/alike$/).waitFor();
      await press(page, /^Back to the queue$/);
      await back.waitFor({ state: 'hidden' });

      await press(page, /^Rules…$/);
      await tabTo(page, /^Word or expression$/);
      await page.keyboard.type('light');
      await press(page, /^Try$/);
      await dialog.getByText(/^Together the rules cover/).waitFor();
      expect(await faultsOf(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'hidden' });

      await press(page, /^Labels and keys/);
      await press(page, /^Rename /);
      await page.keyboard.press('Tab');
      await page.keyboard.press('Tab');
      await page.keyboard.type('renamed');
      await page.keyboard.press('Enter');
      await dialog.getByText('renamed', { exact: true }).waitFor();
      expect(await faultsOf(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.getByRole('group', { name: 'Labels' }).getByText('renamed', { exact: true }).waitFor();
      await page.keyboard.press('KeyZ');
      await page.getByRole('group', { name: 'Labels' }).getByText('renamed').waitFor({ state: 'hidden' });

      await openRound();
      await page.keyboard.press('Digit2');
      await page.keyboard.press('Digit2');
      await page.getByRole('article', { name: 'Record 3', exact: true }).waitFor();
      await goTo(page, '#/data');
      await press(page, /^Compare rounds/);
      await tabTo(page, /2 labelled$/);
      await page.keyboard.press('Space');
      await tabTo(page, /4 labelled$/);
      await page.keyboard.press('Space');
      await press(page, /^Measure agreement$/);
      await dialog.getByText('1 record differs').waitFor();
      expect(await faultsOf(page)).toEqual([]);
      await press(page, /^Decide them$/);
      await page.getByRole('article', { name: 'Record 1', exact: true }).waitFor();
      await page.getByText('Household requests (2) says').waitFor();
      expect(await faultsOf(page)).toEqual([]);
      await page.keyboard.press('Enter');
      await page.getByText('That was the last one').waitFor();
      expect(faults).toEqual([]);
      await close();
    },
  );
});

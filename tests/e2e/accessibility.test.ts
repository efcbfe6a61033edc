import { expect, test } from 'vitest';
import { faultsOf } from '../support/accessibility.ts';
import { describeWorkbench } from '../support/describeWorkbench.ts';
import { goTo } from '../support/workbench.ts';

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

describeWorkbench('every page', ({ open }) => {
  test.each([
    ['en-US', 'light'],
    ['en-US', 'dark'],
    ['ko-KR', 'light'],
    ['ko-KR', 'dark'],
  ] as const)('has nothing axe objects to (%s, %s)', async (locale, colorScheme) => {
    const { page } = await open({ locale, colorScheme });
    await page.getByRole('article').first().getByRole('button').first().waitFor();
    for (const place of places) {
      await goTo(page, place);
      await page.getByRole('heading', { level: 1 }).waitFor();
      const found = await faultsOf(page, colorScheme === 'dark' ? 'colours' : undefined);
      expect({ place, faults: found }).toEqual({ place, faults: [] });
    }
  });

  test('a dataset, its rows and the filled set-up form as well', async () => {
    const { page } = await open();
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
    await page.getByRole('heading', { level: 1, name: 'Data' }).waitFor();
    await page
      .getByRole('button', { name: /^Remove: / })
      .first()
      .click();
    await page.getByRole('alertdialog').waitFor();
    expect(await faultsOf(page)).toEqual([]);
  });

  test('what ships with the workbench has a Korean name in a Korean window, also in lists to choose from', async () => {
    const { page } = await open({ locale: 'ko-KR' });
    await goTo(page, '#/data/sample-household-requests');
    await page.getByRole('heading', { level: 1, name: '집안일 부탁' }).waitFor();
    await page.getByRole('combobox', { name: /^토큰을 셀 기반 모델/ }).click();
    await page.getByRole('option', { name: '작은 인코더' }).waitFor();
    await page.keyboard.press('Escape');
    await goTo(page, '#/data/sample-household-requests/expand');
    await page.getByRole('main').getByRole('link', { name: '집안일 부탁' }).waitFor();
    await page.getByRole('combobox', { name: /^글을 쓸 모델.*작은 디코더/ }).waitFor();
  });

  test('the keyboard reaches the content past the navigation, and a page says its name', async () => {
    const { page } = await open();
    await page.getByRole('article').first().waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.locator('#content:focus').waitFor();
    await page.getByRole('link', { name: 'Settings', exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.locator('h1:focus').filter({ hasText: 'Settings' }).waitFor();
    await expect.poll(() => page.title()).toBe('Settings · Tunebench');
    // Also where the name comes after the page, with its data.
    await goTo(page, '#/data');
    await page.getByRole('main').getByRole('link', { name: 'Household requests' }).first().focus();
    await page.keyboard.press('Enter');
    await page.locator('h1:focus').filter({ hasText: 'Household requests' }).waitFor();
  });
});

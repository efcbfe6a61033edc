import { expect, test } from 'vitest';
import { faultsOf } from '../support/accessibility.ts';
import { describeWorkbench } from '../support/describeWorkbench.ts';
import { choose } from '../support/keyboard.ts';
import { goTo } from '../support/workbench.ts';

describeWorkbench('comparing methods', ({ open }) => {
  test('from the form to the verdict by keyboard alone', async () => {
    const { page } = await open();
    await goTo(page, '#/bake-off');
    const start = page.getByRole('button', { name: /^Start / });
    const form = page.getByRole('main');
    await choose(form, /^Dataset/, /^Household/);
    await choose(form, /^Base model/, /^Tiny encoder/);
    // What applies is counted, and what does not says why.
    const row = page.getByRole('row', { name: /^LoRA / });
    await row.getByText('26,120').waitFor();
    await page.getByText('The method llamaAdapter does not know models of the type bert.').waitFor();

    // What is to be watched is checked with the rest, and not for one method more than for another.
    await page.getByText('Watch what the model forgets').focus();
    await page.keyboard.press('Enter');
    await choose(form, /^Texts to watch/, /^Kitchen/);
    const refusal = page.getByText(/^Nothing honest can be measured on the watched texts/);
    await refusal.waitFor();
    await expect.poll(() => start.isDisabled()).toBe(true);
    await choose(form, /^Texts to watch/, /^None/);
    await refusal.waitFor({ state: 'detached' });

    await page.getByRole('radio', { name: 'Steps' }).focus();
    await page.keyboard.press('Space');
    await page.getByLabel('Budget of each run').fill('2');
    await page.getByLabel('Seeds', { exact: true }).fill('0, oops');
    await page.getByText('One to twenty whole numbers from 0 on').waitFor();
    await expect.poll(() => start.isDisabled()).toBe(true);
    await page.getByLabel('Seeds', { exact: true }).fill('0');
    await page.getByRole('checkbox', { name: 'Houlsby adapters' }).focus();
    await page.keyboard.press('Space');
    await page.getByLabel('Learning rate of BitFit').fill('2e-3');
    expect(await faultsOf(page)).toEqual([]);

    await page.getByRole('button', { name: 'Start 2 runs' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/#\/bake-off\/.+/);
    await page.getByText(/^No clear winner: .+ but one seed cannot tell that from chance\.$/).waitFor();
    const table = page.getByRole('group', { name: 'Quality and costs' });
    await expect.poll(() => table.getByRole('row').count()).toBe(3);
    await table.getByRole('row', { name: /^BitFit .*10,376.*0\.002/ }).waitFor();
    expect(await faultsOf(page)).toEqual([]);

    // Every row is an ordinary run of the log.
    await table.getByRole('link').first().focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/#\/runs\/.+\/train$/);
  });
});

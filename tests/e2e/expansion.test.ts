import { expect, test } from 'vitest';
import { faultsOf } from '../support/accessibility.ts';
import { describeWorkbench } from '../support/describeWorkbench.ts';
import { goTo } from '../support/workbench.ts';

describeWorkbench('rows written by a model', ({ open }) => {
  test('are judged by keyboard, marked, and taken back', async () => {
    const { page } = await open();
    await page.getByRole('article').first().waitFor();
    await goTo(page, '#/data');
    const item = page.getByRole('listitem').filter({ hasText: 'Kitchen answers' });
    await item.getByRole('link').click();
    await page.getByRole('link', { name: 'Write more with a model…' }).click();
    await page.getByLabel('Rows', { exact: true }).fill('3');
    await page.getByLabel('Longest answer').fill('8');
    await page.getByLabel('Temperature').fill('1');
    await page.getByRole('button', { name: 'Write', exact: true }).click();
    const review = page.getByRole('region', { name: 'Your decision' });
    await review.getByText('6 of 6 written').waitFor();
    expect(await faultsOf(page)).toEqual([]);

    const texts = review.getByRole('list', { name: 'Texts the model wrote' }).getByRole('listitem');
    await page.keyboard.press('Enter');
    await texts.nth(0).getByText('Accepted').waitFor();
    await page.keyboard.press('Backspace');
    await texts.nth(1).getByText('Rejected').waitFor();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('KeyE');
    await page.getByRole('dialog').getByLabel('Text').fill('How do I clean a wok?');
    await page.keyboard.press('Control+Enter');
    await texts.nth(1).getByText('Accepted').waitFor();
    await review.getByRole('button', { name: 'Add 2 rows' }).click();

    await page.getByText(/^2 of \d+ rows were written by a model$/).waitFor();
    const rows = page.getByRole('region', { name: 'Rows' });
    await rows.getByRole('button', { name: 'Filters' }).click();
    await rows.getByRole('checkbox', { name: 'Written by a model' }).click();
    await rows.getByText('1–2 of 2').waitFor();
    const edited = rows.getByRole('row').filter({ hasText: 'How do I clean a wok?' });
    await edited.getByText('edited by a person').waitFor();
    await edited.getByText('Training').waitFor();
    await page.getByRole('button', { name: 'Undo', exact: true }).click();
    await page
      .getByText(/^Undone: back to version/)
      .first()
      .waitFor();
    expect(await page.getByText(/rows were written by a model$/).count()).toBe(0);
  });
});

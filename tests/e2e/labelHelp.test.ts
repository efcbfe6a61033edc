import { expect, test } from 'vitest';
import { faultsOf } from '../support/accessibility.ts';
import { choose, press, tabTo } from '../support/keyboard.ts';
import { describeWorkbench } from '../support/describeWorkbench.ts';
import { goTo } from '../support/workbench.ts';

describeWorkbench('help while labelling', ({ open }) => {
  test('by keyboard alone: a probe suggests, a suggestion is accepted, similar records, rules, names, rounds', async () => {
    const { page } = await open();
    const record = (number: number) => page.getByRole('article', { name: `Record ${number}`, exact: true });
    const openRound = async () => {
      await goTo(page, '#/data');
      await press(page, /^Household requests$/);
      await press(page, /^Label$/);
      await choose(page, /^Labels the rows already have/, /^Leave out/);
      await press(page, /^Start labelling$/);
      await record(1).waitFor();
    };
    await openRound();
    const dialog = page.getByRole('dialog');
    await press(page, /^Suggest labels$/);
    await dialog.getByText('A probe on a base model').waitFor();
    expect(await faultsOf(page)).toEqual([]);
    await press(dialog, /^Suggest labels$/);
    await page.getByText(/^Give two different labels/).waitFor();
    await page.keyboard.press('Digit1');
    await page.keyboard.press('Digit2');
    await page.keyboard.press('Digit1');
    await page.getByText(/^Learned from 3 labels/).waitFor();
    await record(4)
      .getByText(/^Suggested: /)
      .waitFor();
    await page.keyboard.press('Space');
    await record(5).waitFor();

    await page.keyboard.press('Equal');
    const back = page.getByRole('button', { name: 'Back to the queue' });
    await back.waitFor();
    await page.getByText(/alike$/).waitFor();
    await press(page, /^Back to the queue$/);
    await back.waitFor({ state: 'hidden' });

    await press(page, /^Rules…$/);
    await tabTo(dialog, /^Word or expression$/);
    await page.keyboard.type('light');
    await press(dialog, /^Try$/);
    await dialog.getByText(/^Together the rules cover/).waitFor();
    expect(await faultsOf(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });

    await press(page, /^Labels and keys/);
    await press(dialog, /^Rename /);
    await tabTo(dialog, /^New name of /);
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
    await record(3).waitFor();
    await goTo(page, '#/data');
    await press(page, /^Compare rounds/);
    await tabTo(dialog, /2 labelled$/);
    await page.keyboard.press('Space');
    await tabTo(dialog, /4 labelled$/);
    await page.keyboard.press('Space');
    await press(dialog, /^Measure agreement$/);
    await dialog.getByText('1 record differs').waitFor();
    expect(await faultsOf(page)).toEqual([]);
    await press(dialog, /^Decide them$/);
    await record(1).waitFor();
    await page.getByText('Household requests (2) says').waitFor();
    expect(await faultsOf(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await page.getByText('That was the last one').waitFor();
  });
});

import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { describeWorkbench } from '../support/describeWorkbench.ts';
import { choose as chooseByKeys, press, tabTo } from '../support/keyboard.ts';
import { goTo } from '../support/workbench.ts';

/** Ninety short requests in three classes under column names the workbench cannot guess, one of them empty. */
function writeRequests(folder: string): string {
  const stems = {
    shipping: 'Where is my parcel',
    refund: 'I want my money back',
    account: 'I cannot log in',
  };
  const rows = Object.entries(stems).flatMap(([label, stem]) =>
    Array.from({ length: 30 }, (_, index) => `${label};"${stem}, order ${index}"`),
  );
  const file = path.join(folder, 'requests.csv');
  writeFileSync(file, ['kolumne_a;kolumne_b', ...rows, 'refund;""'].join('\n'));
  return file;
}

/** Takes a file from the browser's own dialog. */
async function pickFile(page: Page, file: string): Promise<void> {
  const dialog = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose from this device' }).click();
  await (await dialog).setFiles(file);
}

async function choose(page: Page, field: RegExp, option: string): Promise<void> {
  await page.getByRole('combobox', { name: field }).click();
  await page.getByRole('option', { name: option }).click();
}

describeWorkbench('own data', ({ open, home }) => {
  test('a file is previewed, mapped, imported and trained on', async () => {
    const { page } = await open();
    await page.getByRole('link', { name: 'Import data' }).click();
    await pickFile(page, writeRequests(home));
    await page.getByRole('heading', { name: /of 91 rows/ }).waitFor();

    await choose(page, /^Text column/, 'kolumne_b');
    await choose(page, /^Label column/, 'kolumne_a');
    await page
      .getByRole('region', { name: 'Set rows aside' })
      .getByText(/rows to train/)
      .waitFor();
    const name = page.getByLabel('Name', { exact: true });
    await expect.poll(() => name.inputValue()).toBe('requests');
    await name.fill('Customer requests');

    // The row without text is named by its line; leaving it out is the person's decision.
    const importButton = page.getByRole('button', { name: 'Import', exact: true });
    await page.getByRole('alert').getByText('Line 92', { exact: true }).waitFor();
    await expect.poll(() => importButton.isDisabled()).toBe(true);
    await page.getByRole('checkbox', { name: 'Import the rest without these rows' }).click();
    await importButton.click();
    await page.getByRole('heading', { level: 1, name: 'Customer requests' }).waitFor();
    await page.getByText('1–25 of 90').waitFor();

    await page.getByRole('link', { name: 'Next: Model' }).click();
    await page.getByRole('button', { name: /^Use for the next run: .*encoder/i }).click();
    await page.getByRole('link', { name: 'Next: Strategy' }).click();
    const forecast = page.getByRole('complementary', { name: 'Forecast' });
    await forecast.getByText('Ready to train').waitFor();

    // A value out of range is refused beside its field, and the run cannot start with it.
    const epochs = page.getByRole('textbox', { name: 'Epochs', exact: true });
    await epochs.fill('-1');
    const train = forecast.getByRole('button', { name: 'Train' });
    await forecast.getByText('1 thing to change before it can start').waitFor();
    await expect.poll(() => epochs.getAttribute('aria-invalid')).toBe('true');
    await expect.poll(() => train.isDisabled()).toBe(true);
    await epochs.fill('1');
    await forecast.getByText('Ready to train').waitFor();
    await train.click();

    await page.waitForURL(/#\/runs\/.+\/train$/);
    await page.getByRole('status').filter({ hasText: 'Completed' }).waitFor();
  });

  test('a file that cannot be read is refused with a sentence that can be copied', async () => {
    const { page } = await open();
    const file = path.join(home, 'broken.csv');
    writeFileSync(file, Buffer.from([0x50, 0x4b, 0x03, 0x04, 0x00, 0xff, 0xfe, 0x00, 0x01]));
    await goTo(page, '#/data/import');
    await pickFile(page, file);
    const alert = page.getByRole('alert');
    await alert.getByRole('button', { name: 'Copy the message' }).waitFor();
  });
  test('rows are found by text and label and written into a file, by keyboard alone', async () => {
    const { page } = await open();
    await goTo(page, '#/data/sample-household-requests');
    await tabTo(page, /^Search the rows$/);
    await page.keyboard.type('REMIND ME');
    await page.getByText('1–6 of 6').waitFor();
    await press(page, /^Filters$/);
    await chooseByKeys(page, /^Label/, /^calendar$/);
    await page.getByText('1–4 of 4').waitFor();

    await press(page, /^Export$/);
    const dialog = page.getByRole('dialog');
    await chooseByKeys(dialog, /^Format/, /^JSON lines$/);
    await press(dialog, /^Write the file$/);
    await dialog.getByRole('status').filter({ hasText: '4 rows written to' }).waitFor();
    const written = readFileSync(path.join(home, 'exports', 'Household requests.jsonl'), 'utf8');
    const lines = written.trim().split('\n');
    expect(lines).toHaveLength(4);
    expect(lines.every((line) => /remind me/i.test(line) && line.includes('"calendar"'))).toBe(true);

    // A file that is there is replaced only when it is said to be.
    await press(dialog, /^Write the file$/);
    await dialog
      .getByRole('alert')
      .getByText(/There is already something at/)
      .waitFor();
  });
});

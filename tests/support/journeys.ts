import path from 'node:path';
import type { Page } from 'playwright-core';
import { press, tabTo } from './keyboard.ts';

// What several flows do by keyboard alone, in English.

/** Waits for the page of this title. */
export function shownTitle(page: Page, name: string | RegExp): Promise<void> {
  return page.getByRole('heading', { level: 1, name }).waitFor();
}

/** From the first page of an empty workbench: takes a file of so many rows and imports it as it is. */
export async function importByKeys(page: Page, file: string, rows: number): Promise<void> {
  await page.getByRole('link', { name: 'Import data' }).first().waitFor();
  await press(page, /^Import data/);
  await shownTitle(page, 'Import data');
  const chooser = page.waitForEvent('filechooser');
  await press(page, /^Choose from this device/);
  await (await chooser).setFiles(file);
  await page.getByRole('heading', { name: `of ${rows} rows` }).waitFor();
  await press(page, /^Import$/);
  await shownTitle(page, path.parse(file).name);
}

/** From a dataset that is chosen for the next run: takes the tiny encoder and trains it for an epoch to the end. */
export async function trainByKeys(page: Page): Promise<void> {
  await page.getByText('Chosen', { exact: true }).waitFor();
  await press(page, /^Next: Model/);
  await press(page, /^Use for the next run: .*encoder/i);
  await press(page, /^Next: Strategy/);
  await trainFromSetup(page);
}

/** From the page that sets a run up. */
export async function trainFromSetup(page: Page): Promise<void> {
  const forecast = page.getByRole('complementary', { name: 'Forecast' });
  await forecast.getByText('Ready to train').waitFor();
  await tabTo(page, /^Epochs$/);
  await page.keyboard.press('Control+a');
  await page.keyboard.type('1');
  await forecast.getByText('Ready to train').waitFor();
  await press(page, /^Train$/);
  await page.waitForURL(/#\/runs\/.+\/train$/);
  await page.getByRole('status').filter({ hasText: 'Completed' }).waitFor();
}

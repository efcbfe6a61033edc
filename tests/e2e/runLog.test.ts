import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openStore } from '../../src-main/store/store.ts';
import { exampleRun, exampleSample } from '../store/fixtures/examples.ts';
import { faultsOf } from '../support/accessibility.ts';
import { describeWorkbench } from '../support/describeWorkbench.ts';
import { press, tabTo } from '../support/keyboard.ts';
import { goTo } from '../support/workbench.ts';

const runCount = 1_000;

/** A log of past runs, as a busy year leaves it. */
function fillLog(home: string): void {
  const store = openStore(path.join(home, 'tunebench.sqlite'));
  store.settings.save({ queuePaused: true });
  store.transaction(() => {
    for (let index = 0; index < runCount; index++) {
      const id = `run-${index}`;
      store.runs.insert({
        ...exampleRun,
        id,
        name: `Experiment ${index}`,
        config: {
          ...exampleRun.config,
          training: { learningRate: index % 2 === 0 ? 1e-3 : 2e-4, seed: index % 4 },
        },
      });
      // The first two still wait.
      if (index < 2) {
        store.runs.update(id, { queuePosition: index + 1 });
        continue;
      }
      store.runs.update(id, {
        status: 'completed',
        metrics: { 'test.accuracy': index / runCount, 'train.loss': 1 },
        labels: ['a', 'b'],
        confusion: {
          labels: ['a', 'b'],
          counts: [
            [3, index % 3],
            [1, 4],
          ],
        },
      });
      if (index === 7) {
        const later = {
          answer: { form: 'labels' as const, labels: [{ label: 'a', probability: 0.75 }] },
          right: true,
        };
        store.samples.append(id, 0, [exampleSample, exampleSample]);
        store.samples.append(id, 10, [exampleSample, exampleSample]);
        store.samples.append(id, 20, [{ ...exampleSample, ...later }, exampleSample]);
      }
      if (index >= 990)
        for (let step = 1; step <= 5; step++) store.metrics.append(id, step, { 'train.loss': 1 / step });
    }
  });
  store.close();
}

describeWorkbench(
  'the log of runs',
  ({ open }) => {
    test('is filtered, sorted and scrolled, with only the rows in view in the page', async () => {
      const { page } = await open();
      await goTo(page, '#/runs');
      await page.getByText('1,000 of 1,000 runs').waitFor();
      await expect.poll(() => page.getByRole('row').count()).toBeLessThan(100);
      await page.locator('main').evaluate((main) => main.scrollTo({ top: main.scrollHeight }));
      await page.getByRole('rowheader').getByRole('link', { name: 'Experiment 0', exact: true }).waitFor();

      const filter = page.getByRole('searchbox', { name: 'Filter runs' });
      await filter.fill('accuracy>=0.99 learningRate<1e-3');
      await page.getByText('5 of 1,000 runs').waitFor();
      await page.getByRole('button', { name: 'Run', exact: true }).click();
      await page.getByRole('button', { name: 'Run', exact: true }).click();
      await expect.poll(() => page.getByRole('rowheader').first().textContent()).toContain('Experiment 991');
      await filter.fill('colour:red');
      await page.getByText('"colour:red" in the filter cannot be understood.').waitFor();
      expect(await faultsOf(page)).toEqual([]);
    });

    test('groups runs, and tags a whole group at once', async () => {
      const { page } = await open();
      await goTo(page, '#/runs');
      const filter = page.getByRole('searchbox', { name: 'Filter runs' });
      // The curves of the last ten begin at 1.
      await filter.fill('max(train.loss)>=1');
      await page.getByText('10 of 1,000 runs').waitFor();
      await page.getByRole('button', { name: 'Columns', exact: true }).click();
      await page.getByRole('button', { name: 'Training · Loss: min' }).click();
      await page.keyboard.press('Escape');
      await page.getByRole('cell', { name: '0.2', exact: true }).first().waitFor();

      await page.locator('#runs-grouping').click();
      await page.getByRole('option', { name: 'By Learning rate' }).click();
      const group = page.getByRole('button', { name: '0.0002 5 runs' });
      await expect.poll(() => group.getAttribute('aria-expanded')).toBe('true');
      await group.click();
      await page
        .getByRole('rowheader')
        .getByRole('link', { name: 'Experiment 999' })
        .waitFor({ state: 'hidden' });
      await page.getByRole('rowheader').getByRole('link', { name: 'Experiment 998' }).waitFor();
      await page.getByRole('checkbox', { name: 'Select: 0.0002' }).check();
      const selection = page.getByRole('region', { name: 'Selected runs' });
      await selection.getByText('5 selected').waitFor();
      expect(await faultsOf(page)).toEqual([]);
      await selection.getByRole('button', { name: 'Tags, project' }).click();
      await page.getByLabel('Tags to add').fill('night, 밤');
      await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
      await page.getByRole('dialog').waitFor({ state: 'hidden' });

      await selection.getByRole('button', { name: 'Export' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Write' }).click();
      await page
        .getByRole('dialog')
        .getByText(/Written to .*runs-tensorboard/)
        .waitFor();
      expect(await faultsOf(page)).toEqual([]);
      await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
      await page.getByRole('dialog').waitFor({ state: 'hidden' });

      // How the log is looked at is kept while a run is visited.
      await goTo(page, '#/runs/run-999/train');
      await page.getByRole('heading', { level: 1, name: 'Experiment 999' }).waitFor();
      await goTo(page, '#/runs');
      expect(await filter.inputValue()).toBe('max(train.loss)>=1');
      await filter.fill('tag:밤');
      await page.getByText('5 of 1,000 runs').waitFor();
    });

    test('keeps notes and tags, and gives back what was thrown away', async () => {
      const { page } = await open();
      await goTo(page, '#/runs/run-5/train');
      await page.getByLabel('Tags').fill('baseline, 둘째');
      await page.getByLabel('What you want to remember').fill('Rate **too low**');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.locator('button[aria-busy=false]:disabled', { hasText: 'Save' }).waitFor();
      await page.reload();
      await page.locator('strong', { hasText: 'too low' }).waitFor();
      expect(await faultsOf(page)).toEqual([]);
      await page.getByRole('radio', { name: 'Write' }).click();
      expect(await page.getByLabel('What you want to remember').inputValue()).toBe('Rate **too low**');

      await goTo(page, '#/runs');
      await page.getByRole('searchbox', { name: 'Filter runs' }).fill('tag:둘째');
      await page.getByText('1 of 1,000 runs').waitFor();
      // What was begun and left is kept as well.
      await goTo(page, '#/runs/run-5/train');
      await page.getByRole('textbox', { name: 'Project' }).fill('Autumn');
      await goTo(page, '#/runs');
      await page.getByRole('searchbox', { name: 'Filter runs' }).fill('project:Autumn');
      await page.getByText('1 of 1,000 runs').waitFor();
      await page.getByRole('button', { name: 'Remove: Experiment 5' }).click();
      await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
      await page.getByText('Bin: 1 run,').click();
      await page.getByRole('button', { name: 'Put back' }).click();
      await page.getByRole('link', { name: 'Experiment 5', exact: true }).waitFor();
    });

    test('shows what a model made of the sampled rows, step by step and back', async () => {
      const { page } = await open();
      await goTo(page, '#/runs/run-7/train');
      const samples = page.getByRole('region', { name: 'Samples' });
      await samples.getByText('Step 20').waitFor();
      await samples.getByText('1 of 2 right').waitFor();
      await samples.getByText('Changed').waitFor();
      const shown = () => samples.getByRole('listitem').first().locator('dd').allInnerTexts();
      expect(await shown()).toEqual(['a', 'a 75%', 'b']);
      expect(await faultsOf(page)).toEqual([]);

      await tabTo(page, /^Sampled step$/);
      await page.keyboard.press('ArrowLeft');
      await samples.getByText('Step 10').waitFor();
      expect(await shown()).toEqual(['a', 'b 75%']);
      await page.keyboard.press('Home');
      await samples.getByText('Before training').waitFor();
      await press(page, /^Next sampled step$/);
      await samples.getByText('Step 10').waitFor();
      await tabTo(page, /^Follow the newest$/);
      await page.keyboard.press('Space');
      await samples.getByText('Step 20').waitFor();
    });

    test('an icon says its name where the keyboard is, and a closed question gives the keyboard back', async () => {
      const { page } = await open();
      await goTo(page, '#/runs/run-7/train');
      await tabTo(page, /^Rename$/);
      await page.getByRole('tooltip', { name: 'Rename' }).waitFor();
      await tabTo(page, /^Remove$/);
      await page.getByRole('tooltip', { name: 'Remove' }).waitFor();
      await page.getByRole('tooltip', { name: 'Rename' }).waitFor({ state: 'hidden' });
      await page.keyboard.press('Enter');
      const question = page.getByRole('alertdialog');
      await page.locator('[role=alertdialog]:focus, [role=alertdialog] :focus').waitFor();
      await page.keyboard.press('Escape');
      await question.waitFor({ state: 'hidden' });
      await page.getByRole('button', { name: 'Remove', exact: true }).and(page.locator(':focus')).waitFor();
    });

    test('orders and times what waits, and keeps a view', async () => {
      const { page } = await open();
      await goTo(page, '#/runs');
      const queue = page.getByRole('region', { name: 'Queue' });
      const order = async () => queue.getByRole('link').allInnerTexts();
      await queue.waitFor();
      await expect.poll(order).toEqual(['Experiment 0', 'Experiment 1']);
      await queue.getByRole('button', { name: 'Earlier: Experiment 1' }).click();
      await expect.poll(order).toEqual(['Experiment 1', 'Experiment 0']);
      await queue.getByRole('button', { name: 'At 22:00' }).first().click();
      await queue.getByRole('button', { name: 'At once' }).waitFor();
      expect(await faultsOf(page)).toEqual([]);
      await page.reload();
      await expect.poll(order).toEqual(['Experiment 1', 'Experiment 0']);

      const filter = page.getByRole('searchbox', { name: 'Filter runs' });
      await filter.fill('accuracy>=0.99');
      await page.getByRole('button', { name: 'Views' }).click();
      await page.getByLabel('Name for this view').fill('The best');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('button', { name: 'Remove: The best' }).waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Remove: The best' }).waitFor({ state: 'hidden' });
      await filter.fill('');
      await page.getByRole('button', { name: 'Views' }).click();
      await page.getByRole('button', { name: 'The best accuracy>=0.99' }).click();
      await page.getByText('10 of 1,000 runs').waitFor();
    });

    test('hands out a report and a card', async () => {
      const { page } = await open();
      await goTo(page, '#/runs/run-995/train');
      const take = async (item: RegExp): Promise<string> => {
        await page.getByRole('button', { name: 'Report' }).click();
        const [download] = await Promise.all([
          page.waitForEvent('download'),
          page.getByRole('menuitem', { name: item }).click(),
        ]);
        return readFileSync(await download.path(), 'utf8');
      };
      expect(await take(/HTML/)).toMatch(/^<!doctype html>[^]*<svg[^]*Experiment 995/);
      expect(JSON.parse(await take(/card/))).toMatchObject({
        name: 'Experiment 995',
        config: { task: 'classification' },
      });
    });

    test('compares chosen runs', async () => {
      const { page } = await open();
      await goTo(page, '#/runs');
      await page.getByRole('searchbox', { name: 'Filter runs' }).fill('accuracy>=0.992');
      for (let index = 992; index < runCount; index++) {
        await page.getByRole('checkbox', { name: `Select: Experiment ${index}` }).check();
      }
      await page.getByRole('link', { name: 'Compare 8 runs' }).click();
      await page.getByRole('heading', { level: 1, name: '8 runs compared' }).waitFor();
      await page
        .getByRole('cell', { name: 'training.learningRate' })
        .or(page.getByText('training.learningRate'))
        .first()
        .waitFor();
      await page.getByText('4 seeds').first().waitFor();
      const item = page.getByRole('listitem').filter({ hasText: 'Experiment 994' });
      await item.getByRole('button', { name: 'Make it the baseline' }).click();
      await item.getByText('Baseline', { exact: true }).waitFor();
      await page.reload();
      await item.getByText('Baseline', { exact: true }).waitFor();
      expect(await faultsOf(page)).toEqual([]);
    });
  },
  { prepare: fillLog },
);

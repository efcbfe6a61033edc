import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { faultsOf } from '../support/accessibility.ts';
import { choose, press, tabTo } from '../support/keyboard.ts';
import { describeWorkbench } from '../support/describeWorkbench.ts';
import { importByKeys, shownTitle, trainByKeys, trainFromSetup } from '../support/journeys.ts';
import { goTo } from '../support/workbench.ts';

/** A chatbot's questions with the feeling of each, three of them twice. */
function writeChatbot(folder: string): string {
  const stems = [
    ['12시 땡 하면 밥 먹자', '일상'],
    ['헤어진 뒤로 가끔 생각나', '이별'],
    ['같이 놀러 가고 싶은 사람', '사랑'],
  ] as const;
  const words = ['정말', '오늘도', '이제', '그냥', '벌써', '혼자', '다시', '조금', '너무', '아직'];
  const rows = Array.from({ length: 60 }, (_, index) => {
    const [text, label] = stems[index % 3] ?? stems[0];
    return `${words[index % 10]} ${words[(index * 3 + 1) % 10]} ${text} ${index * 37},${label}`;
  });
  const file = path.join(folder, 'chatbot-ko.csv');
  writeFileSync(file, ['text,label', ...rows, ...rows.slice(0, 3)].join('\n'));
  return file;
}

const region = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

describeWorkbench('from the data to a run and back', ({ open, home }) => {
  test('by keyboard alone: import, label, undo across a reload, fix duplicates, split, train, back to the rows', async () => {
    const { page } = await open();
    await importByKeys(page, writeChatbot(home), 63);

    await press(page, /^Label$/);
    await shownTitle(page, /^Label “chatbot-ko”/);
    await press(page, /^Start labelling$/);
    const shown = (number: number) =>
      page.getByRole('article', { name: `Record ${number}`, exact: true }).waitFor();
    const progress = (done: number) => region(page, 'Progress').getByText(`${done} of 63 done`).waitFor();
    await progress(63);
    // All rows have labels: one is corrected, and that is taken back after a reload.
    await tabTo(page, /^Pending/);
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await shown(1);
    await page.keyboard.press('Digit2');
    await region(page, 'History').getByText('Labelled 이별').first().waitFor();
    await page.reload();
    await region(page, 'History').getByText('Labelled 이별').first().waitFor();
    await page.keyboard.press('KeyZ');
    await region(page, 'History').getByText('(undone)').first().waitFor();
    await progress(63);
    await press(page, /^Publish version$/);
    await press(page.getByRole('dialog'), /^Name of the version/);
    await page.waitForURL(/#\/data\/[^/]+$/);

    // The health page finds the three twins; one press keeps one of each, as a version that can be undone.
    const health = region(page, 'Data health');
    await press(page, /^Keep one of each: exact duplicates$/);
    const history = region(page, 'History');
    await history.getByText('exact duplicates: Keep one of each (rows: 3)').waitFor();
    await page.getByText('1–25 of 60').waitFor();
    await press(page, /^Undo$/);
    await page.getByText('1–25 of 63').waitFor();
    await press(page, /^Redo$/);
    await page.getByText('1–25 of 60').waitFor();
    await health.getByRole('button', { name: 'Check again' }).waitFor();

    await tabTo(page, /^Validation share/);
    await page.keyboard.press('Control+a');
    await page.keyboard.type('20');
    await tabTo(page, /^Test share/);
    await page.keyboard.press('Control+a');
    await page.keyboard.type('30');
    await press(page, /^Split$/);
    await history.getByText('Split anew: validation 20 %, test 30 %, seed 0').waitFor();

    await trainByKeys(page);

    // From a cell of the confusion matrix to its rows, and from corrected labels to a child of the run.
    await press(page, /^Test$/);
    await region(page, 'Confusion matrix').waitFor();
    await press(page, /^Labelled .+, predicted .+: \d+ rows?$/);
    await shownTitle(page, /^Labelled .+, predicted .+/);
    await page.getByRole('checkbox', { name: 'Choose all rows' }).waitFor();
    await tabTo(page, /^Choose all rows$/);
    await page.keyboard.press('Space');
    // The same label once more would change nothing.
    const [, actual] = /^Labelled (.+), predicted /.exec(await page.locator('h1').innerText()) ?? [];
    await choose(page, /^Right label/, new RegExp(`^(?!${actual})`));
    await press(page, /^Relabel \d+ rows?$/);
    await press(page, /^Train again$/);
    await trainFromSetup(page);
    await region(page, 'Where it comes from')
      .getByText(/other rows: /)
      .waitFor();
  });

  test.each([
    ['en-US', 'light'],
    ['ko-KR', 'dark'],
  ] as const)('has nothing axe objects to (%s, %s)', async (locale, colorScheme) => {
    const { page } = await open({ locale, colorScheme });
    await goTo(page, '#/data');
    await page.getByRole('link', { name: 'chatbot-ko', exact: true }).first().click();
    await page.getByRole('button', { name: /^(Check again|다시 검사)$/ }).waitFor();
    expect(await faultsOf(page)).toEqual([]);
    await goTo(page, '#/runs');
    const address = await page.locator('a[href^="#/runs/"]').first().getAttribute('href');
    await goTo(page, `${address?.split('/').slice(0, 3).join('/') ?? ''}/rows`);
    await page.getByRole('table').waitFor();
    expect(await faultsOf(page)).toEqual([]);
  });
});

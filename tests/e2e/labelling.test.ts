import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { faultsOf } from '../support/accessibility.ts';
import { describeWorkbench } from '../support/describeWorkbench.ts';
import { importByKeys, shownTitle, trainByKeys } from '../support/journeys.ts';
import { choose, press } from '../support/keyboard.ts';
import { goTo } from '../support/workbench.ts';

/** A chatbot's questions and answers with the feeling of each, as they are published: Q, A, label. */
function writeChatbot(folder: string): string {
  const stems = [
    ['12시 땡', '하루가 또 가네요', '일상'],
    ['가끔 보고 싶어', '그런 날이 있죠', '이별'],
    ['같이 놀러 가고 싶어', '좋은 생각이에요', '사랑'],
  ] as const;
  const rows = Array.from({ length: 60 }, (_, index) => {
    const [question, answer, label] = stems[index % 3] ?? stems[0];
    return `"${question}, ${index}",${answer},${label}`;
  });
  const file = path.join(folder, 'chatbot.csv');
  writeFileSync(file, ['Q,A,label', ...rows].join('\n'));
  return file;
}

const recordShown = (page: Page, number: number) =>
  page.getByRole('article', { name: `Record ${number}`, exact: true }).waitFor();
const progress = (page: Page, done: number) =>
  page.getByRole('region', { name: 'Progress' }).getByText(`${done} of 60 done`).waitFor();

describeWorkbench('labelling', ({ open, home }) => {
  test('by keyboard alone: import, label, undo across a reload, publish, train', async () => {
    const { page } = await open();
    await importByKeys(page, writeChatbot(home), 60);

    await press(page, /^Label$/);
    await shownTitle(page, /^Label “chatbot”/);
    // What the rows already say is only suggested.
    await choose(page, /^Labels the rows already have/, /^Show as suggestions/);
    await press(page, /^Start labelling$/);
    await shownTitle(page, 'chatbot');
    await recordShown(page, 1);

    // The first label by its key, the second by accepting what is suggested; then one is discarded, one skipped.
    await page.keyboard.press('Digit2');
    await recordShown(page, 2);
    await page.keyboard.press('Enter');
    await recordShown(page, 3);
    await page.keyboard.press('Backspace');
    await recordShown(page, 4);
    await page.keyboard.press('ArrowRight');
    await recordShown(page, 5);
    await progress(page, 3);

    await page.reload();
    await recordShown(page, 4);
    await progress(page, 3);
    await page.keyboard.press('KeyZ');
    await recordShown(page, 3);
    await progress(page, 2);
    await page.keyboard.press('KeyZ');
    await recordShown(page, 2);
    await page.keyboard.press('KeyY');
    await page.keyboard.press('KeyY');
    await progress(page, 3);

    // Many at once: the list, a search inside Korean words, all of them, one key.
    await page.keyboard.press('KeyB');
    await page.keyboard.press('Slash');
    await page.keyboard.type('보고');
    await page.getByText(/^19 records$/).waitFor();
    await press(page, /^Select all$/);
    await page.getByText('19 selected').waitFor();
    await page.keyboard.press('Digit1');
    await progress(page, 22);
    await press(page, /^Publish version$/);
    await page.getByLabel('Name of the version').fill('Chatbot, labelled');
    await page.keyboard.press('Enter');
    await shownTitle(page, 'Chatbot, labelled');
    await trainByKeys(page);
  });

  test('a Korean keyboard layout changes nothing, and typing in a field labels nothing', async () => {
    const { page } = await open({ locale: 'ko-KR' });
    await goTo(page, '#/data');
    await page.getByRole('link', { name: /^이어서 하기/ }).click();
    await page.getByRole('article').waitFor();
    const done = page.getByRole('region', { name: '진행' }).locator('p').first();
    const before = await done.textContent();
    // With a Korean input method the key that types ㅋ says `ㅋ` or `Process`, but its place is still that of Z.
    const pressPlace = (key: string, code: string) =>
      page.evaluate(
        `dispatchEvent(new KeyboardEvent('keydown', ${JSON.stringify({ key, code, bubbles: true, cancelable: true })}))`,
      );
    await pressPlace('ㅋ', 'KeyZ');
    await page.getByText(/^되돌렸습니다/).waitFor({ state: 'attached' });
    await expect.poll(() => done.textContent()).not.toBe(before);
    await pressPlace('Process', 'KeyY');
    await page.getByText(/^다시 했습니다/).waitFor({ state: 'attached' });
    await expect.poll(() => done.textContent()).toBe(before);

    const search = page.getByLabel('글 검색');
    await search.pressSequentially('12');
    // Nineteen of the twenty that say so are still to be labelled.
    await page.getByText(/^레코드 19개$/).waitFor({ state: 'attached' });
    expect(await search.inputValue()).toBe('12');
    expect(await done.textContent()).toBe(before);
  });

  test('a key that is taken is refused beside its label', async () => {
    const { page } = await open();
    await goTo(page, '#/data');
    await page.getByRole('link', { name: /^Continue/ }).click();
    await page.getByRole('button', { name: 'Labels and keys' }).click();
    const dialog = page.getByRole('dialog');
    const keys = dialog.getByRole('textbox', { name: /^Key of/ });
    await keys.first().press('Digit2');
    await dialog.getByText(/^2 is taken by/).waitFor();
    expect(await dialog.getByRole('button', { name: 'Save labels' }).isDisabled()).toBe(true);
    await keys.first().press('KeyZ');
    await dialog.getByText('This key cannot be used for a label.').waitFor();
    await keys.first().press('KeyQ');
    await dialog.getByRole('button', { name: 'Save labels' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByRole('group', { name: 'Labels' }).getByText('Q', { exact: true }).waitFor();
  });

  test.each([
    ['en-US', 'light'],
    ['ko-KR', 'dark'],
  ] as const)('has nothing axe objects to (%s, %s)', async (locale, colorScheme) => {
    const { page } = await open({ locale, colorScheme });
    await goTo(page, '#/data');
    await page.getByRole('link', { name: /^(Continue|이어서 하기)/ }).click();
    await page.getByRole('region', { name: /^(Progress|진행)$/ }).waitFor();
    await page.getByRole('radio', { name: /^(All|전체)/ }).click();
    await page.getByRole('article').waitFor();
    expect(await faultsOf(page)).toEqual([]);
    await page.keyboard.press('KeyB');
    await page.getByRole('checkbox').first().waitFor();
    await page.getByRole('button', { name: /^(Filters|필터)/ }).click();
    expect(await faultsOf(page)).toEqual([]);
  });
});

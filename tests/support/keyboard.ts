import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { patienceMs } from './workbench.ts';

/** What has the focus is called so, if the Tab key stops there. */
const focusedName = `(() => {
  const element = document.activeElement;
  if (!element || element.tabIndex < 0) return undefined;
  const textOf = (id) => document.getElementById(id)?.textContent;
  const label = element.id ? document.querySelector('label[for="' + element.id + '"]') : null;
  const by = element.getAttribute('aria-labelledby')?.split(' ').map(textOf).join(' ');
  return (element.getAttribute('aria-label') ?? label?.textContent ?? by ?? element.textContent).trim();
})()`;

/**
 * Presses Tab until what has the focus answers to this name; a person without a mouse does the same. What is still on
 * its way to the page is waited for. Within a part of the page, for instance a dialog, nothing else counts.
 */
export async function tabTo(where: Page | Locator, name: RegExp): Promise<void> {
  const page = 'keyboard' in where ? where : where.page();
  const end = performance.now() + patienceMs;
  for (;;) {
    if (page === where || (await where.locator(':focus').count()) > 0) {
      const focused = await page.evaluate<string | undefined>(focusedName);
      if (focused !== undefined && name.test(focused)) return;
    }
    if (performance.now() > end) throw new Error(`The Tab key never reached ${name}.`);
    await page.keyboard.press('Tab');
  }
}

/** Goes there by Tab and presses Enter. */
export async function press(where: Page | Locator, name: RegExp): Promise<void> {
  await tabTo(where, name);
  await ('keyboard' in where ? where : where.page()).keyboard.press('Enter');
}

/** Chooses from a list by its keys: opens it, goes down to the option, takes what is marked. */
export async function choose(where: Page | Locator, field: RegExp, option: RegExp): Promise<void> {
  const page = 'keyboard' in where ? where : where.page();
  await press(where, field);
  const list = page.getByRole('listbox');
  const marked = list.locator('[data-highlighted]');
  await marked.waitFor();
  await page.keyboard.press('Home');
  await list.getByRole('option').first().and(marked).waitFor();
  for (;;) {
    const text = await marked.innerText();
    if (option.test(text)) break;
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => marked.innerText()).not.toBe(text);
  }
  await page.keyboard.press('Enter');
  await list.waitFor({ state: 'hidden' });
}

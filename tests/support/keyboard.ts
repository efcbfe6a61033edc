import type { Page } from 'playwright-core';

/** Presses Tab until what has the focus answers to this name; a person without a mouse does the same. */
export async function tabTo(page: Page, name: RegExp, most = 200): Promise<void> {
  for (let presses = 0; presses < most; presses++) {
    const focused = await page.evaluate<string>(`(() => {
      const element = document.activeElement;
      const label = element?.id ? document.querySelector('label[for="' + element.id + '"]') : null;
      const by = element?.getAttribute('aria-labelledby')?.split(' ').map((id) => document.getElementById(id)?.textContent).join(' ');
      return element?.getAttribute('aria-label') ?? label?.textContent ?? by ?? element?.textContent ?? '';
    })()`);
    if (name.test(focused.trim())) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`The Tab key never reached ${name}.`);
}

/** Goes there by Tab and presses Enter. */
export async function press(page: Page, name: RegExp): Promise<void> {
  await tabTo(page, name);
  await page.keyboard.press('Enter');
}

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Workbench,
  goTo,
  hasBrowser,
  launchBrowser,
  makeHome,
  openWindow,
  removeHome,
  startWorkbench,
} from '../support/workbench.ts';

describe.skipIf(!hasBrowser)('the window', () => {
  const home = makeHome();
  let browser: Browser;
  let workbench: Workbench;

  beforeAll(async () => {
    [workbench, browser] = await Promise.all([startWorkbench(home), launchBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await workbench?.stop();
    removeHome(home);
  });

  test('follows the system’s language and theme until chosen; the choice holds for later windows', async () => {
    const first = await openWindow(browser, workbench.url, { locale: 'ko-KR', colorScheme: 'dark' });
    const html = first.page.locator('html');
    await first.page
      .getByRole('heading', { level: 1, name: '이 컴퓨터에서 모델을 미세조정하세요' })
      .waitFor();
    expect(await html.getAttribute('lang')).toBe('ko');
    expect(await html.getAttribute('data-theme')).toBe('dark');

    await first.page.getByRole('button', { name: /^언어/ }).click();
    await first.page.getByRole('menuitemradio', { name: 'English' }).click();
    await first.page.getByRole('heading', { level: 1, name: 'Fine-tune a model on this computer' }).waitFor();
    expect(await html.getAttribute('lang')).toBe('en');
    await first.page.getByRole('button', { name: 'Theme' }).click();
    await first.page.getByRole('menuitemradio', { name: 'Light' }).click();
    await first.page.locator('html[data-theme=light]').waitFor();
    await first.page.reload();
    await first.page.locator('html[data-theme=light][lang=en]').waitFor();
    await first.close();

    // Another browser profile, with a Korean and dark system, is told by the host.
    const second = await openWindow(browser, workbench.url, { locale: 'ko-KR', colorScheme: 'dark' });
    await second.page.locator('html[data-theme=light][lang=en]').waitFor();
    expect(second.faults).toEqual([]);
    await second.close();
  });

  test('says that the connection is lost, and comes back by itself', async () => {
    const { page, context, close } = await openWindow(browser, workbench.url);
    await page.getByRole('article').first().getByRole('button').first().waitFor();
    let blocked = true;
    const open: { close(): Promise<void> }[] = [];
    await context.routeWebSocket(/\/rpc$/, (socket) => {
      if (blocked && open.length > 0) return void socket.close();
      socket.connectToServer();
      open.push(socket);
    });
    await page.reload();
    await page.getByRole('article').first().getByRole('button').first().waitFor();
    await open[0]?.close();
    const banner = page.getByText('The connection to Tunebench was lost.');
    await banner.waitFor();
    blocked = false;
    await banner.waitFor({ state: 'detached' });
    await goTo(page, '#/settings');
    await page.getByText(home).waitFor();
    await close();
  });

  test('without the token there is an explanation instead of an empty page', async () => {
    const { page, close } = await openWindow(browser, workbench.url.replace(/#.*/, ''));
    await page.getByRole('heading', { name: 'Tunebench does not answer here' }).waitFor();
    await close();
  });
});

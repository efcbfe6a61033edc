import { expect, test } from 'vitest';
import { describeWorkbench } from '../support/describeWorkbench.ts';
import { goTo } from '../support/workbench.ts';

describeWorkbench('the window', ({ open, home, url }) => {
  test('follows the system’s language and theme until chosen; the choice holds for later windows', async () => {
    const first = await open({ locale: 'ko-KR', colorScheme: 'dark' });
    const html = first.page.locator('html');
    await first.page
      .getByRole('heading', { level: 1, name: '이 컴퓨터에서 모델을 미세조정하세요' })
      .waitFor();
    await expect.poll(() => html.getAttribute('lang')).toBe('ko');
    expect(await html.getAttribute('data-theme')).toBe('dark');

    await first.page.getByRole('button', { name: /^언어/ }).click();
    await first.page.getByRole('menuitemradio', { name: 'English' }).click();
    await first.page.getByRole('heading', { level: 1, name: 'Fine-tune a model on this computer' }).waitFor();
    await expect.poll(() => html.getAttribute('lang')).toBe('en');
    await first.page.getByRole('button', { name: 'Theme' }).click();
    await first.page.getByRole('menuitemradio', { name: 'Light' }).click();
    await first.page.locator('html[data-theme=light]').waitFor();
    // What a page reads comes after what the window has changed: the choice is with the host now.
    await goTo(first.page, '#/data');
    await first.page.getByRole('main').getByRole('listitem').first().getByRole('link').click();
    await first.page.getByRole('table').waitFor();
    await first.page.reload();
    await first.page.locator('html[data-theme=light][lang=en]').waitFor();

    // Another browser profile, with a Korean and dark system, is told by the host.
    const second = await open({ locale: 'ko-KR', colorScheme: 'dark' });
    await second.page.locator('html[data-theme=light][lang=en]').waitFor();
  });

  test('says that the connection is lost, and comes back by itself', async () => {
    const { page, context } = await open({ hasFaults: true });
    await page.getByRole('article').first().getByRole('button').first().waitFor();
    let blocked = true;
    const lines: { close(): Promise<void> }[] = [];
    await context.routeWebSocket(/\/rpc$/, (socket) => {
      if (blocked && lines.length > 0) return void socket.close();
      socket.connectToServer();
      lines.push(socket);
    });
    await page.reload();
    await page.getByRole('article').first().getByRole('button').first().waitFor();
    await lines[0]?.close();
    const banner = page.getByText('The connection to Tunebench was lost.');
    await banner.waitFor();
    blocked = false;
    await banner.waitFor({ state: 'detached' });
    await goTo(page, '#/settings');
    await page.getByText(home).waitFor();
  });

  test('without the token there is an explanation instead of an empty page', async () => {
    const { page } = await open({ url: url().replace(/#.*/, ''), hasFaults: true });
    await page.getByRole('heading', { name: 'Tunebench does not answer here' }).waitFor();
  });
});

/** A slow machine at the end of a slow line, to show what only a fast one gets right. */
import type { Page } from 'playwright-core';

/** So many times slower than this machine; 1 leaves it as it is. */
export const slowness = Math.max(1, Number(process.env['TUNEBENCH_TEST_SLOW'] ?? 1));

const longestDelayPerFactorMs = 100;

/** Delays that look like chance and are the same in every run (a linear congruential generator). */
function makeDelays(): () => number {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state / 2 ** 32) * longestDelayPerFactorMs * slowness;
  };
}

/** Hands messages on later, in the order they came. */
function delayed<Message>(nextDelayMs: () => number, send: (message: Message) => void) {
  let lastAt = 0;
  return (message: Message): void => {
    const now = performance.now();
    lastAt = Math.max(lastAt, now + nextDelayMs());
    setTimeout(() => send(message), lastAt - now);
  };
}

/** Slows a page's processor and its line to the host by `TUNEBENCH_TEST_SLOW`; before the page is opened. */
export async function slowDown(page: Page): Promise<void> {
  if (slowness === 1) return;
  const context = page.context();
  const devTools = await context.newCDPSession(page);
  await devTools.send('Emulation.setCPUThrottlingRate', { rate: slowness });
  await context.routeWebSocket(/\/rpc$/, (socket) => {
    const server = socket.connectToServer();
    const nextDelayMs = makeDelays();
    socket.onMessage(delayed(nextDelayMs, (message) => server.send(message)));
    server.onMessage(delayed(nextDelayMs, (message) => socket.send(message)));
  });
}

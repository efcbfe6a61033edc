import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest';
import { slowness } from './slowness.ts';
import {
  type OpenWindow,
  type WindowOptions,
  type Workbench,
  hasBrowser,
  launchBrowser,
  makeHome,
  openWindow,
  removeHome,
  startWorkbench,
} from './workbench.ts';

/** Longer than any flow takes, on machines much slower than today's. */
const flowMs = 1_800_000 * slowness;

export interface Scene {
  /** The data folder, empty before `prepare`. */
  readonly home: string;
  /** The address with its token. */
  url(): string;
  /** Opens the workbench in a fresh browser profile; the window closes with the test, which fails by its faults. */
  open(options?: SceneWindowOptions): Promise<OpenWindow>;
  /** Ends the host and starts another on the same data folder. */
  restart(): Promise<void>;
}

export interface SceneWindowOptions extends WindowOptions {
  /** Where another address than the usual one is opened. */
  url?: string;
  /** The test brings them about itself. */
  hasFaults?: boolean;
}

interface SceneOptions {
  /** Fills the data folder before the host starts. */
  prepare?: (home: string) => void;
  /** Added to what the host is started with. */
  environment?: (home: string) => Readonly<Record<string, string>>;
  /** Whether the tests can run here; otherwise wherever a browser is. */
  possible?: boolean;
}

/** Tests in a real browser on a real host with a data folder of its own. */
export function describeWorkbench(
  name: string,
  tests: (scene: Scene) => void,
  { prepare, environment, possible = hasBrowser }: SceneOptions = {},
): void {
  describe.skipIf(!possible)(name, { timeout: flowMs }, () => {
    const home = makeHome();
    let browser: Browser | undefined;
    let workbench: Workbench | undefined;
    let windows: { opened: OpenWindow; hasFaults: boolean }[] = [];

    function running<Value>(value: Value | undefined): Value {
      if (value === undefined) throw new Error('The workbench was not started.');
      return value;
    }

    beforeAll(async () => {
      prepare?.(home);
      [workbench, browser] = await Promise.all([startWorkbench(home, environment?.(home)), launchBrowser()]);
    });
    afterEach(async ({ task }) => {
      const closing = windows;
      windows = [];
      const faults = closing.flatMap(({ opened, hasFaults }) => (hasFaults ? [] : opened.faults));
      const failed = task.result?.state === 'fail';
      for (const { opened } of closing) {
        if (failed) await describePage(opened);
        await opened.close();
      }
      if (!failed) expect(faults).toEqual([]);
    });
    afterAll(async () => {
      await browser?.close();
      await workbench?.stop();
      removeHome(home);
    });

    tests({
      home,
      url: () => running(workbench).url,
      async open({ url, hasFaults = false, ...options } = {}) {
        const opened = await openWindow(running(browser), url ?? running(workbench).url, options);
        windows.push({ opened, hasFaults });
        return opened;
      },
      async restart() {
        await running(workbench).stop();
        workbench = await startWorkbench(home, environment?.(home));
      },
    });
  });
}

/** What the page showed when a test failed, for whoever cannot look at it. */
async function describePage({ page, faults }: OpenWindow): Promise<void> {
  const shown = await page
    .locator('body')
    .ariaSnapshot()
    .catch((error: unknown) => String(error));
  process.stderr.write(`${[page.url().replace(/token=.*/, ''), ...faults, shown].join('\n')}\n`);
}

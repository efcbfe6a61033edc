/** A really started server host on a data folder of its own, and the browser that looks at it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContext, type Page, chromium } from 'playwright-core';
import { ensureBundle, rendererBundle } from '../../build/launch/bundle.mjs';
import { takeLock } from '../../build/setup/lock.mjs';
import { progressOn } from '../../build/setup/progress.mjs';
import { slowDown, slowness } from './slowness.ts';

const projectRoot = fileURLToPath(new URL('../../', import.meta.url));
const browserPath = process.env['TUNEBENCH_TEST_CHROMIUM'] ?? '/usr/bin/chromium';

/** Browser tests run where a Chromium is; a machine that calls itself CI must have one. */
export const hasBrowser = existsSync(browserPath) || process.env['CI'] === 'true';

/** So long a test waits for what a page is to show: longer than any step takes on a machine ten times slower. */
export const patienceMs = 600_000 * slowness;

export interface Workbench {
  /** The address with its token. */
  readonly url: string;
  readonly home: string;
  /** Asks the host to end and waits until it has. */
  stop(): Promise<void>;
}

export function makeHome(): string {
  return mkdtempSync(path.join(tmpdir(), 'tunebench-e2e-'));
}

export function removeHome(home: string): void {
  rmSync(home, { recursive: true, force: true });
}

async function readAddress(host: ChildProcess): Promise<string> {
  const output = host.stdout;
  if (!output) throw new Error('The host was started without a pipe for its output.');
  for await (const line of createInterface({ input: output })) {
    const message: unknown = JSON.parse(line);
    if (typeof message === 'object' && message !== null && 'url' in message) return String(message.url);
  }
  throw new Error(`The host ended with ${host.exitCode ?? host.signalCode} before it listened.`);
}

/** Test files run beside each other: the first builds the window where its sources changed, the others wait. */
async function buildWindow(): Promise<void> {
  const release = await takeLock(path.join(projectRoot, 'out', 'renderer.lock'), () => undefined);
  try {
    await ensureBundle(projectRoot, process.execPath, rendererBundle, progressOn(process.stderr));
  } finally {
    release();
  }
}

/** Starts the host with an up-to-date window on a free port. @param environment added to this process's */
export async function startWorkbench(
  home: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Workbench> {
  await buildWindow();
  const program = path.join(projectRoot, 'src-main', 'hosts', 'server', 'main.ts');
  const host = spawn(process.execPath, [program, '--port', '0', '--json'], {
    cwd: projectRoot,
    env: { ...process.env, ...environment, TUNEBENCH_HOME: home },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(host, 'exit');
  const url = await readAddress(host);
  return {
    url,
    home,
    async stop() {
      host.kill('SIGTERM');
      await exited;
    },
  };
}

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: browserPath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

export interface OpenWindow {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What went wrong inside the page so far: exceptions, console errors, violations of the security policy. */
  readonly faults: readonly string[];
  close(): Promise<void>;
}

export interface WindowOptions {
  locale?: 'en-US' | 'ko-KR';
  colorScheme?: 'light' | 'dark';
}

/** Opens the workbench in a fresh browser profile, as a person would who follows the printed address. */
export async function openWindow(
  browser: Browser,
  url: string,
  { locale = 'en-US', colorScheme = 'light' }: WindowOptions = {},
): Promise<OpenWindow> {
  const context = await browser.newContext({ locale, colorScheme, viewport: { width: 1280, height: 900 } });
  context.setDefaultTimeout(patienceMs);
  const page = await context.newPage();
  await slowDown(page);
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  await page.goto(url);
  return { page, context, faults, close: () => context.close() };
}

/** Goes to a place of the window by its address; nothing of the page before is left when it returns. */
export async function goTo(page: Page, hash: string): Promise<void> {
  await page.evaluate(`new Promise((resolve) => {
    if (location.hash === ${JSON.stringify(hash)}) return resolve();
    // The window itself listened first, and has drawn the new page when the next task runs.
    addEventListener('hashchange', () => setTimeout(resolve), { once: true });
    location.hash = ${JSON.stringify(hash)};
  })`);
}

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { CDPSession, Page } from 'playwright-core';
import { openHost } from '../../src-main/hosts/openHost.ts';
import { startServer } from '../../src-main/hosts/server/startServer.ts';
import { openStore } from '../../src-main/store/store.ts';
import { ScriptedWorker } from '../contract/scriptedWorker.ts';
import { classificationConfig } from '../contract/runFixtures.ts';
import { exampleRun } from '../store/fixtures/examples.ts';
import { launchBrowser, startWorkbench } from '../support/workbench.ts';

/**
 * Runs at size: `node tests/bench/charts.ts --points 1000000 --runs 1000 --charts 100`. Writes a run of four series and
 * a log of runs, and measures in Chromium how soon the charts are there, what a frame costs while they are zoomed and
 * moved and while the log is scrolled, and what a hundred live charts cost. Processor time is printed beside the clock:
 * on a machine that is doing other things only the first says much. Prints one JSON line per figure.
 */
const { values: flags } = parseArgs({
  options: {
    points: { type: 'string', default: '1000000' },
    openings: { type: 'string', default: '7' },
    runs: { type: 'string', default: '1000' },
    charts: { type: 'string', default: '100' },
    frames: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '10' },
  },
});
const [points, openings, runs, charts, frames, seconds] = [
  flags.points,
  flags.openings,
  flags.runs,
  flags.charts,
  flags.frames,
  flags.seconds,
].map(Number) as [number, number, number, number, number, number];
const tell = (figure: Readonly<Record<string, unknown>>) => console.log(JSON.stringify(figure));
const round = (value: number) => Number(value.toFixed(1));

/** Fills a data folder, and tells how fast points are taken in. */
function fill(home: string): void {
  mkdirSync(home, { recursive: true });
  const store = openStore(join(home, 'tunebench.sqlite'));
  store.runs.insert({ ...exampleRun, id: 'long', name: 'Long' });
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  const together = 1_000;
  for (let first = 0; first < points; first += together) {
    store.transaction(() => {
      for (let step = first + 1; step <= first + together; step++) {
        store.metrics.append('long', step, {
          'train.loss': 3 * Math.exp((-4 * step) / points) + 0.3 * Math.random(),
          'train.accuracy': 1 - Math.exp((-5 * step) / points),
          'train.gradientNorm': 1 + Math.random(),
          'train.learningRate': 1e-3 * (1 - step / points),
        });
      }
    });
  }
  const { user, system } = process.cpuUsage(cpu);
  tell({
    what: 'points taken in',
    perSecond: Math.round((4e3 * points) / (performance.now() - start)),
    perProcessorSecond: Math.round((4e6 * points) / (user + system)),
  });
  store.runs.update('long', { status: 'completed', step: points, totalSteps: points });
  store.transaction(() => {
    for (let index = 0; index < runs; index++) {
      store.runs.insert({ ...exampleRun, id: `run-${index}`, name: `Experiment ${index}` });
      store.runs.update(`run-${index}`, { status: 'completed', metrics: { 'test.accuracy': index / runs } });
    }
  });
  store.close();
}

/** Processor time of the page's main thread so far, in ms. */
async function taskMs(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0) * 1000;
}

/** Acts once in each frame; how long frames took, and what they cost the page's main thread. */
async function measureFrames(page: Page, session: CDPSession, what: string, act: string): Promise<void> {
  const before = await taskMs(session);
  const times: number[] = await page.evaluate(`(async () => {
    const act = ${act};
    const times = [];
    let last = performance.now();
    for (let frame = 0; frame < ${frames}; frame++) {
      act(frame);
      await new Promise(requestAnimationFrame);
      const now = performance.now();
      times.push(now - last);
      last = now;
    }
    return times;
  })()`);
  const cost = (await taskMs(session)) - before;
  const sorted = times.toSorted((a, b) => a - b);
  tell({
    what,
    frames: times.length,
    medianMs: round(sorted[Math.floor(frames / 2)] ?? 0),
    p95Ms: round(sorted[Math.floor(frames * 0.95)] ?? 0),
    mainThreadMsPerFrame: round(cost / frames),
  });
}

/** A started workbench and a browser that has its first page open; both new. */
async function openWorkbench(home: string) {
  const [workbench, browser] = await Promise.all([startWorkbench(home), launchBrowser()]);
  const page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  await page.goto(workbench.url);
  await page.getByRole('heading', { level: 1 }).waitFor();
  const close = async () => {
    await browser.close();
    await workbench.stop();
  };
  return { page, session, close };
}

interface Opening {
  readonly clockMs: number;
  readonly mainThreadMs: number;
}

/** From the click on a long run to the frame after the one in which its four charts are there. */
async function measureOpening(page: Page, session: CDPSession): Promise<Opening> {
  await page.evaluate(`location.hash = '#/settings'`);
  await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
  await page.evaluate(`new Promise((resolve) => requestIdleCallback(resolve))`);
  const before = await taskMs(session);
  const clockMs: number = await page.evaluate(`(async () => {
    const start = performance.now();
    location.hash = '#/runs/long/train';
    while (document.querySelectorAll('[role=group][aria-label*="by step"] canvas').length < 4)
      await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
    return performance.now() - start;
  })()`);
  return { clockMs, mainThreadMs: (await taskMs(session)) - before };
}

function tellOpenings(which: string, measured: readonly Opening[]): void {
  const clock = measured.map(({ clockMs }) => clockMs).toSorted((a, b) => a - b);
  const mainThread = measured.map(({ mainThreadMs }) => mainThreadMs).toSorted((a, b) => a - b);
  const middle = Math.floor(measured.length / 2);
  tell({
    what: `${points} points in each of 4 series: first paint, ${which} opening`,
    openings: measured.length,
    fastestMs: round(clock[0] ?? 0),
    medianMs: round(clock[middle] ?? 0),
    slowestMs: round(clock.at(-1) ?? 0),
    medianMainThreadMs: round(mainThread[middle] ?? 0),
  });
}

/** The first opening after a start reads everything from the disk and runs the page's code for the first time. */
async function measureOpenings(home: string): Promise<void> {
  const [first, second]: [Opening[], Opening[]] = [[], []];
  for (let opening = 0; opening < openings; opening++) {
    const { page, session, close } = await openWorkbench(home);
    try {
      first.push(await measureOpening(page, session));
      second.push(await measureOpening(page, session));
    } finally {
      await close();
    }
  }
  tellOpenings('first', first);
  tellOpenings('second', second);
}

async function measureLog(home: string): Promise<void> {
  const { page, session, close } = await openWorkbench(home);
  try {
    await page.evaluate(`location.hash = '#/runs/long/train'`);
    await page.locator('[role=group][aria-label*="by step"] canvas').nth(3).waitFor();
    const key = (names: readonly string[]) => `(frame) => {
      const chart = document.querySelector('[role=group][aria-label^="Loss by step"]');
      const names = ${JSON.stringify(names)};
      const key = names[frame % names.length];
      chart.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
    }`;
    await measureFrames(page, session, 'zoom, four charts', key(['+', '+', '+', '-', '-', '-']));
    await page.keyboard.press('Escape');
    await measureFrames(
      page,
      session,
      'move, four charts',
      key(['+', ...Array<string>(20).fill('ArrowRight'), 'PageUp']),
    );

    await page.evaluate(`location.hash = '#/runs'`);
    await page.getByRole('searchbox', { name: 'Filter runs' }).waitFor();
    const scroll = `(frame) => document.querySelector('main').scrollBy(0, 90)`;
    await measureFrames(page, session, `${runs} runs: scroll`, scroll);
  } finally {
    await close();
  }
}

/** A run whose process is played: a hundred metrics, ten steps a second. */
async function measureLive(folder: string): Promise<void> {
  const worker = new ScriptedWorker();
  const host = await openHost({
    host: 'server',
    adoptQueuedRuns: true,
    dataFolder: join(folder, 'live'),
    launcher: () => worker.launched(),
  });
  const server = await startServer({
    address: '127.0.0.1',
    port: 0,
    staticFolder: join(import.meta.dirname, '..', '..', 'out', 'renderer'),
    uploadLimitBytes: 1e6,
    accept: (socket) => host.dispatcher.serveSocket(socket),
  });
  const browser = await launchBrowser();
  try {
    const client = host.dispatcher.client();
    const run = await client.runs.start(await classificationConfig(client, folder));
    await worker.asked('train');
    worker.prepare();
    const metrics = Array.from({ length: charts }, (_, index) => `metric${index}`);
    let step = 0;
    const tick = () => {
      step++;
      worker.tell({
        event: 'stepped',
        step,
        totalSteps: 100_000,
        epoch: step / 1000,
        metrics: Object.fromEntries(metrics.map((name, index) => [name, Math.sin(step / 50 + index)])),
        memoryBytes: 1e9,
        elapsedMs: step * 100,
        remainingMs: 1e6,
      });
    };
    for (let before = 0; before < 300; before++) tick();
    const timer = setInterval(tick, 100);
    const page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    await page.goto(server.url);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.evaluate(`location.hash = '#/runs/${run.id}/train'`);
    await page.getByRole('heading', { name: `metric${charts - 1}` }).waitFor();
    await page.getByRole('group', { name: /^metric0 by step/ }).waitFor();
    const [before, start] = [await taskMs(session), performance.now()];
    await page.waitForTimeout(seconds * 1000);
    const cost = (await taskMs(session)) - before;
    clearInterval(timer);
    tell({
      what: `${charts} live charts at 10 Hz`,
      mainThreadShareOfACore: Number((cost / (performance.now() - start)).toFixed(3)),
    });
    worker.finish('completed', step);
  } finally {
    await browser.close();
    await server.close();
    await host.close();
  }
}

const folder = mkdtempSync(join(tmpdir(), 'tunebench-charts-'));
try {
  fill(join(folder, 'log'));
  await measureOpenings(join(folder, 'log'));
  await measureLog(join(folder, 'log'));
  await measureLive(folder);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

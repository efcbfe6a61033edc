import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Page, chromium } from 'playwright-core';
import { z } from 'zod';
import { type RecordFilter, type RecordOrder, largestMatchCount } from '../../src-main/contract/labels.ts';
import { openStore } from '../../src-main/store/store.ts';

/**
 * Labelling at size: `node tests/bench/labelling.ts --records 1000000`. Fills a labelling with short Korean and English
 * requests, asks the store for every kind of queue, then labels in Chromium by keypresses and measures from each press
 * to the next record on the screen. Prints one JSON line. `--keep DIR` keeps the data folder for the next run. The
 * window must have been built (`npm run bench` and `npm start` do that).
 */
const { values: flags } = parseArgs({
  options: {
    records: { type: 'string', default: '1000000' },
    presses: { type: 'string', default: '300' },
    keep: { type: 'string' },
  },
});
const records = Number(flags.records);
const presses = Number(flags.presses);
const home = flags.keep ?? mkdtempSync(join(tmpdir(), 'tunebench-labelling-'));
const id = 'bench';

const words =
  '배송 환불 계정 주문 언제 오나요 카드 결제 취소 parcel refund money order account login where is my 빨리 해주세요 감사합니다 문의드립니다 변경 가능한가요'.split(
    ' ',
  );
let random = 1;
/** A small generator that gives the same texts every time. */
function next(below: number): number {
  random = (Math.imul(random, 1103515245) + 12345) & 0x7fffffff;
  return (random >>> 8) % below;
}
const labels = ['refund', 'parcel', 'account', 'other'];
const percentile = (values: readonly number[], share: number) =>
  [...values].sort((left, right) => left - right)[
    Math.min(values.length - 1, Math.floor(values.length * share))
  ] ?? NaN;
const rounded = (value: number) => Math.round(value * 100) / 100;

function fill(path: string): number {
  const store = openStore(path);
  const startedAt = performance.now();
  const writer = store.labels.start({
    id,
    name: 'Bench',
    datasetId: 'none',
    datasetName: 'Bench',
    task: 'single',
    recordKind: 'text',
    columns: { content: ['text'], answer: 'label' },
    labels: labels.map((name, index) => ({ name, key: `Digit${index + 1}` })),
    seed: 1,
    addedAt: new Date().toISOString(),
    rounds: [],
  });
  for (let from = 0; from < records; from += 1000) {
    writer.append(
      Array.from({ length: Math.min(1000, records - from) }, (_, index) => {
        const count = 4 + next(8);
        const text = `${Array.from({ length: count }, () => words[next(words.length)]).join(' ')} #${from + index}`;
        // A tenth is labelled already, a third has a suggestion.
        const answer =
          next(10) === 0 ? { kind: 'labels' as const, labels: [labels[next(4)] ?? 'other'] } : null;
        const suggestion =
          next(3) === 0 ? { kind: 'labels' as const, labels: [labels[next(4)] ?? 'other'] } : null;
        return {
          status: answer === null ? ('pending' as const) : ('labelled' as const),
          split: next(10) === 0 ? ('validation' as const) : ('train' as const),
          fields: { text, label: '' },
          answer,
          suggestion,
        };
      }),
    );
  }
  writer.finish();
  const seconds = (performance.now() - startedAt) / 1000;
  store.close();
  return seconds;
}

/** Milliseconds of the slowest of several places in each queue. */
function measureQueues(path: string): Record<string, number> {
  const store = openStore(path);
  const pending = { statuses: ['pending' as const] };
  const queues: [string, RecordFilter, RecordOrder][] = [
    ['pending', pending, 'number'],
    ['pending, random', pending, 'random'],
    ['pending, longest first', pending, 'longest'],
    ['all', {}, 'number'],
    ['label', { labels: ['refund'] }, 'number'],
    ['label other than the suggestion', { disagreeing: true }, 'number'],
    ['pending with suggestion', { ...pending, suggestion: 'parcel' }, 'number'],
    ['pending, validation', { ...pending, splits: ['validation'] }, 'number'],
    ['text of two syllables', { text: '환불' }, 'number'],
    ['text of one syllable', { text: '환' }, 'number'],
    ['rare text, pending', { ...pending, text: `#${records - 7}` }, 'number'],
    ['phrase across words', { text: '불 계정' }, 'number'],
    ['text not there', { text: '없는글' }, 'number'],
    ['text and label', { text: '환불', labels: ['refund'] }, 'number'],
  ];
  const slowest: Record<string, number> = {};
  for (const [name, filter, order] of queues) {
    const times: number[] = [];
    for (const share of [0, 0.3, 0.6, 0.95]) {
      const number = Math.floor(records * share);
      const value = order === 'random' ? share * 2 ** 32 : order === 'longest' ? 60 - share * 40 : number;
      const startedAt = performance.now();
      store.labels.page(id, {
        filter,
        order,
        limit: 50,
        ...(share === 0 ? {} : { after: { value, number } }),
      });
      times.push(performance.now() - startedAt);
    }
    const startedAt = performance.now();
    store.labels.count(id, filter, largestMatchCount);
    slowest[name] = rounded(Math.max(...times));
    slowest[`${name}: count`] = rounded(performance.now() - startedAt);
  }
  const acts = Array.from({ length: 100 }, (_, index) => {
    const startedAt = performance.now();
    store.labels.act(
      id,
      { author: 'bench', at: new Date().toISOString(), kind: 'label', value: null },
      [records - index],
      () => ({ status: 'labelled', answer: { kind: 'labels', labels: ['other'] }, note: 'bench' }),
    );
    return performance.now() - startedAt;
  });
  slowest['one action, p95'] = rounded(percentile(acts, 0.95));
  store.labels.revert(id, 0, { author: 'bench', at: new Date().toISOString() });
  store.close();
  return slowest;
}

const timesSchema = z.array(z.number());

/** From a keypress to the frame that shows the next record, as the page itself sees it. */
async function measurePresses(page: Page): Promise<number[]> {
  await page.evaluate(`(() => {
    window.paints = [];
    addEventListener('keydown', (event) => {
      const pressedAt = event.timeStamp;
      const before = document.querySelector('article h2')?.textContent;
      const look = () => {
        if (document.querySelector('article h2')?.textContent === before) return requestAnimationFrame(look);
        // The frame in which it has changed is painted when the next task runs.
        const channel = new MessageChannel();
        channel.port1.onmessage = () => window.paints.push(performance.now() - pressedAt);
        channel.port2.postMessage(null);
      };
      requestAnimationFrame(look);
    }, true);
  })()`);
  for (let press = 1; press <= presses; press++) {
    await page.keyboard.press(`Digit${1 + (press % 4)}`);
    await page.evaluate(`new Promise((resolve) => {
      const look = () => (window.paints.length >= ${press} ? resolve() : requestAnimationFrame(look));
      look();
    })`);
  }
  return timesSchema.parse(await page.evaluate('window.paints'));
}

/** Keys as fast as they can be sent, until the host has acknowledged the last. */
async function measureSession(page: Page): Promise<number> {
  const counter = page.getByRole('region', { name: 'Progress' }).locator('p').first();
  const read = async () => Number((await counter.textContent())?.replaceAll(',', '').match(/^\d+/)?.[0]);
  const before = await read();
  const startedAt = performance.now();
  for (let press = 0; press < presses; press++) await page.keyboard.press(`Digit${1 + (press % 4)}`);
  while ((await read()) < before + presses) await page.evaluate('new Promise(requestAnimationFrame)');
  return presses / ((performance.now() - startedAt) / 1000);
}

async function measureWindow(): Promise<Record<string, number>> {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const program = join(root, 'src-main', 'hosts', 'server', 'main.ts');
  const host = spawn(process.execPath, [program, '--port', '0', '--json'], {
    cwd: root,
    env: { ...process.env, TUNEBENCH_HOME: home },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(host, 'exit');
  const lines = createInterface({ input: host.stdout });
  const [line] = z.tuple([z.string()]).parse(await once(lines, 'line'));
  const { url } = z.object({ url: z.string() }).parse(JSON.parse(line));
  const executablePath = process.env['TUNEBENCH_TEST_CHROMIUM'] ?? '/usr/bin/chromium';
  const browser = await chromium.launch({
    executablePath,
    args: ['--headless', '--no-sandbox', '--disable-gpu'],
  });
  try {
    const page = await browser.newPage({ locale: 'en-US', viewport: { width: 1280, height: 900 } });
    await page.goto(url);
    await page.getByRole('heading', { level: 1 }).waitFor();
    const openedAt = performance.now();
    await page.evaluate(`location.hash = '#/label/${id}'`);
    await page.getByRole('article').waitFor();
    const openMs = performance.now() - openedAt;
    const paints = await measurePresses(page);
    const labelsPerSecond = await measureSession(page);
    return {
      openMs: rounded(openMs),
      paintP50Ms: rounded(percentile(paints, 0.5)),
      paintP95Ms: rounded(percentile(paints, 0.95)),
      paintWorstMs: rounded(Math.max(...paints)),
      labelsPerSecond: rounded(labelsPerSecond),
    };
  } finally {
    await browser.close();
    host.kill('SIGTERM');
    await exited;
  }
}

mkdirSync(home, { recursive: true });
const path = join(home, 'tunebench.sqlite');
try {
  const fillSeconds = existsSync(path) ? null : rounded(fill(path));
  const sizeMegabytes = Math.round(statSync(path).size / 1e6);
  const queues = measureQueues(path);
  const window = await measureWindow();
  console.log(JSON.stringify({ records, fillSeconds, sizeMegabytes, window, queues }, null, 1));
} finally {
  if (flags.keep === undefined) rmSync(home, { recursive: true });
}

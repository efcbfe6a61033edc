import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { applicationFolder } from '../../src-main/hosts/openHost.ts';
import { makeTestFolder } from './testHost.ts';
import { encoderFolder } from './tinyModel.ts';

let folder: Awaited<ReturnType<typeof makeTestFolder>>;
let trainFile: string;
let testFile: string;

beforeAll(async () => {
  folder = await makeTestFolder();
  const rows = (count: number) =>
    Array.from({ length: count }, (_, index) =>
      index % 2 === 0 ? `turn on the lamp ${index}\tlight` : `play a song ${index}\tmusic`,
    ).join('\n');
  trainFile = path.join(folder.path, 'train.tsv');
  testFile = path.join(folder.path, 'test.tsv');
  await writeFile(trainFile, rows(48));
  await writeFile(testFile, rows(16));
});
afterAll(() => folder.remove());

interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** Runs the program as `npm run tunebench` does; `onLine` sees each line of its output as it comes. */
function tunebench(
  args: readonly string[],
  onLine: (line: string, signal: (name: NodeJS.Signals) => void) => void = () => undefined,
): Promise<Ended> {
  return new Promise((resolve) => {
    const entry = path.join(applicationFolder, 'src-main', 'hosts', 'cli', 'main.ts');
    const child = spawn(process.execPath, [entry, ...args], {
      cwd: folder.path,
      env: {
        ...process.env,
        TUNEBENCH_HOME: path.join(folder.path, 'home'),
        LANG: 'en_US.UTF-8',
        LC_ALL: '',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    let err = '';
    let rest = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) onLine(line, (name) => child.kill(name));
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    child.on('close', (code) => resolve({ code, out, err }));
  });
}

/** Sends a signal when an event is told for the first time. */
function once(event: string, name: NodeJS.Signals) {
  let sent = false;
  return (line: string, signal: (name: NodeJS.Signals) => void) => {
    if (sent || !line.includes(`"${event}"`)) return;
    sent = true;
    signal(name);
  };
}

const eventSchema = z.looseObject({ event: z.string() });
const eventsOf = (out: string) =>
  out
    .trim()
    .split('\n')
    .map((line) => eventSchema.parse(JSON.parse(line)));

const trainArguments = () => [
  ...['train', '--model', encoderFolder, '--train', trainFile, '--test', testFile, '--columns', 'text,label'],
  ...['--text', 'text', '--label', 'label', '--method', 'lora', '--rank', '8', '--alpha', '16'],
  ...['--targets', 'query,value', '--epochs', '1', '--learning-rate', '2e-3', '--batch', '8'],
  ...['--warmup', '0.06', '--schedule', 'linear', '--seed', '0', '--maximum-length', '16'],
];

test('a verb explains itself', async () => {
  const { code, out, err } = await tunebench(['models', 'import', '--help']);
  expect(err).toBe('');
  expect(code).toBe(0);
  expect(out).toContain('Usage: tunebench models import');
});

describe('training from files', () => {
  let runId = '';

  test('tells every event as a JSON line, with the numbers last', async () => {
    const { code, out, err } = await tunebench([...trainArguments(), '--json']);
    expect(err).toBe('');
    expect(code).toBe(0);
    const events = eventsOf(out);
    expect(events.map((event) => event.event)).toEqual(
      expect.arrayContaining(['queued', 'started', 'prepared', 'stepped', 'evaluated', 'finished']),
    );
    const last = z
      .object({
        event: z.literal('finished'),
        run: z.string(),
        outcome: z.literal('completed'),
        metrics: z.object({ test: z.object({ accuracy: z.number() }) }),
        rowsPerSecond: z.number().positive(),
        peakMemoryBytes: z.number().positive(),
        trainableParameters: z.number().positive(),
      })
      .parse(events.at(-1));
    runId = last.run;
    const prepared = events.find((event) => event.event === 'prepared');
    expect(prepared).toMatchObject({ trainRows: 48, totalSteps: 6 });
  });

  test('says what a run would cost without starting it', async () => {
    const before = (await tunebench(['runs', 'list', '--json'])).out;
    const { code, out } = await tunebench([...trainArguments(), '--forecast', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ problems: [], trainRows: 48, totalSteps: 6 });
    const { memory } = z.object({ memory: z.record(z.string(), z.number()) }).parse(JSON.parse(out));
    const { totalBytes, ...parts } = memory;
    expect(totalBytes).toBe(Object.values(parts).reduce((sum, bytes) => sum + bytes, 0));
    expect((await tunebench(['runs', 'list', '--json'])).out).toBe(before);
    const wrong = await tunebench([
      ...trainArguments(),
      '--forecast',
      '--method',
      'full',
      '--quantization',
      'nf4',
    ]);
    expect(wrong.code).toBe(1);
    expect(wrong.err).toContain('4');
  });

  test('imports the same file and model once', async () => {
    const datasets = await tunebench(['data', 'list', '--json']);
    const before: unknown = JSON.parse(datasets.out);
    await tunebench([...trainArguments(), '--maximum-steps', '1']);
    const after: unknown = JSON.parse((await tunebench(['data', 'list', '--json'])).out);
    expect(after).toEqual(before);
    const models = z
      .array(z.object({ folder: z.string() }))
      .parse(JSON.parse((await tunebench(['models', 'list', '--json'])).out));
    expect(models.filter((model) => model.folder === encoderFolder).length).toBeLessThanOrEqual(1);
  });

  test('leads to predictions, a list and an export', async () => {
    const predicted = await tunebench(['predict', '--run', runId, '--text', 'turn on the lamp', '--json']);
    expect(JSON.parse(predicted.out)).toMatchObject({ text: 'turn on the lamp', labels: [{}, {}] });
    const shown = await tunebench(['runs', 'show', runId, '--json']);
    expect(JSON.parse(shown.out)).toMatchObject({ id: runId, status: 'completed' });
    const sampled = await tunebench(['runs', 'samples', runId, '--step', '0']);
    expect(sampled.out).toMatch(/^Step 0 \(sampled steps: 0, \d+\)\n1\.\n {2}input: .+\n {2}expected: /);
    const listed = await tunebench(['runs', 'list']);
    expect(listed.out).toContain(runId);
    await tunebench(['runs', 'edit', runId, '--tag', 'draft', '둘째', '--star', '--project', 'home']);
    const edited = await tunebench(['runs', 'edit', runId, '--untag', 'draft', '--json']);
    expect(JSON.parse(edited.out)).toMatchObject([{ tags: ['둘째'], starred: true, project: 'home' }]);
    const asked = [
      'runs',
      'list',
      '--filter',
      'tag:둘째 best(train.loss)>0',
      '--columns',
      'min(train.loss),rank',
    ];
    const [one, ...others] = z
      .array(z.object({ id: z.string(), columns: z.record(z.string(), z.number()) }))
      .parse(JSON.parse((await tunebench([...asked, '--sort', 'min(train.loss)', '--json'])).out));
    expect(others).toEqual([]);
    expect(one).toMatchObject({ id: runId, columns: { rank: expect.any(Number) } });
    expect(one?.columns['min(train.loss)']).toBeGreaterThan(0);
    const unclear = await tunebench(['runs', 'list', '--filter', 'colour:red']);
    expect([unclear.code, unclear.err]).toEqual([1, expect.stringContaining('colour:red')]);
    const written = await tunebench(['export', runId, '--to', 'adapter', '--json']);
    expect(JSON.parse(written.out)).toMatchObject({ folder: path.join(folder.path, 'adapter') });
  });

  test('stops resumably at Ctrl-C and goes on', async () => {
    const long = [...trainArguments(), '--epochs', '400', '--checkpoint-every-steps', '2', '--json'];
    const stopped = await tunebench(long, once('checkpointed', 'SIGINT'));
    expect(stopped.code).toBe(130);
    const last = z.looseObject({ outcome: z.string(), run: z.string(), step: z.number() });
    const ended = last.parse(eventsOf(stopped.out).at(-1));
    expect(ended.outcome).toBe('stopped');
    expect(ended.step).toBeLessThan(2400);

    const again = ['train', '--resume', ended.run, '--json'];
    const resumed = await tunebench(again, once('stepped', 'SIGINT'));
    const started = eventsOf(resumed.out).find((event) => event.event === 'started');
    expect(started).toMatchObject({ resumedFromStep: ended.step });
  });

  test('says what is wrong in a sentence, on both channels, and ends with an error', async () => {
    const wrong = await tunebench([...trainArguments(), '--learning-rate', '0', '--epochs', '-1', '--json']);
    expect(wrong.code).toBe(1);
    expect(wrong.err).toContain('"learningRate" is 0');
    expect(wrong.err).toContain('"epochs" is -1');
    expect(eventsOf(wrong.out).at(-1)).toMatchObject({ event: 'error' });
    const nan = await tunebench([...trainArguments(), '--learning-rate', 'NaN']);
    expect(nan.code).toBe(1);
    expect(nan.err).toContain('--learning-rate is "NaN"');
    const missing = await tunebench(['train', '--model', encoderFolder]);
    expect(missing.err).toContain('--train is needed');
    expect((await tunebench(['models', 'import', folder.path])).err).toContain('config.json');
    expect((await tunebench(['frobnicate'])).code).not.toBe(0);
  });
});

test('a second host on the same data folder is named with its process', async () => {
  let other: Promise<Ended> | undefined;
  const serving = await tunebench(['serve', '--json'], (line, signal) => {
    if (!line.includes('"listening"')) return;
    other = tunebench(['serve', '--json']);
    void other.then(() => signal('SIGTERM'));
  });
  expect(serving.code).toBe(0);
  const refused = await other;
  expect(refused?.code).toBe(1);
  expect(refused?.err).toMatch(/process \d+/);
});

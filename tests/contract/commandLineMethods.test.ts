import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { bakeOffResultSchema } from '../../src-main/contract/bakeOff.ts';
import { methodSpecSchema } from '../../src-main/contract/methods.ts';
import { listMethods } from '../../src-main/engine/methods/registry.ts';
import { applicationFolder } from '../../src-main/hosts/openHost.ts';
import { makeTestFolder } from './testHost.ts';
import { encoderFolder } from './tinyModel.ts';

let folder: Awaited<ReturnType<typeof makeTestFolder>>;
beforeAll(async () => {
  folder = await makeTestFolder();
});
afterAll(() => folder.remove());

function tunebench(...args: string[]): Promise<{ code: unknown; out: string; err: string }> {
  const entry = path.join(applicationFolder, 'src-main', 'hosts', 'cli', 'main.ts');
  const home = path.join(folder.path, 'home');
  const env = { ...process.env, TUNEBENCH_HOME: home, LANG: 'en_US.UTF-8', LC_ALL: '' };
  return new Promise((resolve) =>
    execFile(process.execPath, [entry, ...args], { env, maxBuffer: 1 << 26 }, (error, out, err) =>
      resolve({ code: error?.code ?? 0, out, err }),
    ),
  );
}

const rowSchema = methodSpecSchema.extend({
  ownParameters: z.number().nullable(),
  addedParameters: z.number().nullable(),
  share: z.number().nullable(),
  problems: z.array(z.looseObject({ code: z.string(), message: z.string() })),
});

test('every method with options, model families and objectives', async () => {
  const { code, out, err } = await tunebench('methods', 'list', '--json');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const methods = z.array(methodSpecSchema).parse(JSON.parse(out));
  expect(methods).toEqual(listMethods().map(({ spec }) => JSON.parse(JSON.stringify(spec)) as unknown));
});

test('what each would train of a published model, or why it cannot', async () => {
  const { out } = await tunebench('methods', 'list', '--model', 'Llama 2 7B', '--task', 'causalLm', '--json');
  const rows = z.array(rowSchema).parse(JSON.parse(out));
  const rowOf = (id: string) => rows.find((row) => row.id === id);
  expect(rowOf('lora')).toMatchObject({ addedParameters: 4_194_304, ownParameters: 0, problems: [] });
  expect(rowOf('bitfit')).toMatchObject({ share: null, problems: [{ code: 'method.noBiases' }] });
});

test('compares methods and ends with the table', async () => {
  const file = path.join(folder.path, 'rooms.csv');
  const rows = Array.from({ length: 40 }, (_, index) =>
    index % 2 === 0 ? `turn on the lamp ${index},light` : `play a song ${index},music`,
  );
  await writeFile(file, `text,label\n${rows.join('\n')}\n`);
  const { code, out, err } = await tunebench(
    ...['compare-methods', '--model', encoderFolder, '--train', file, '--text', 'text', '--label', 'label'],
    ...['--methods', 'lora,head,llamaAdapter', '--seeds', '0', '--budget', 'steps=2', '--batch', '8'],
    ...['--learning-rates', 'head=1e-2', '--name', 'Rooms', '--json'],
  );
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const lines = out
    .trim()
    .split('\n')
    .map((line) => z.looseObject({ event: z.string() }).parse(JSON.parse(line)));
  expect(lines[0]).toMatchObject({
    event: 'started',
    group: 'Rooms',
    refused: [{ methodId: 'llamaAdapter' }],
  });
  const last = lines.at(-1);
  expect(last?.event).toBe('compared');
  const result = bakeOffResultSchema.parse(last);
  expect(result).toMatchObject({ runs: 2, finishedRuns: 2, verdict: { code: 'bakeOff.oneSeed' } });
  const rates = new Map(result.rows.map(({ methodId, learningRate }) => [methodId, learningRate]));
  expect(rates.get('head')).toBe(1e-2);
});

test('a budget that means nothing is said', async () => {
  const { code, err } = await tunebench('compare-methods', '--model', encoderFolder, '--budget', 'cats=2');
  expect(code).not.toBe(0);
  expect(err).toContain('cats=2');
});

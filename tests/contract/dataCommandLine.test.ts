import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import {
  datasetExportSchema,
  datasetSummarySchema,
  versionDiffSchema,
} from '../../src-main/contract/datasets.ts';
import { datasetHealthSchema } from '../../src-main/contract/health.ts';
import { applicationFolder } from '../../src-main/hosts/openHost.ts';
import { makeTestFolder } from './testHost.ts';

let folder: Awaited<ReturnType<typeof makeTestFolder>>;
let file: string;
beforeAll(async () => {
  folder = await makeTestFolder();
  file = path.join(folder.path, 'requests.csv');
  const rows = Array.from({ length: 12 }, (_, row) =>
    row % 2 === 0 ? `turn on lamp number ${row * 37},light` : `play the song called ${row * 53},music`,
  );
  await writeFile(
    file,
    [
      'text,label',
      ...rows,
      'turn on lamp number 0,light',
      'turn on lamp number 0,music',
      'call 010-1234-5678,music',
    ].join('\n'),
  );
});
afterAll(() => folder.remove());

/** Runs `data …` as `npm run tunebench` does. */
function data(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((resolve) => {
    const entry = path.join(applicationFolder, 'src-main', 'hosts', 'cli', 'main.ts');
    const child = spawn(process.execPath, [entry, 'data', ...args], {
      cwd: folder.path,
      env: {
        ...process.env,
        TUNEBENCH_HOME: path.join(folder.path, 'home'),
        LANG: 'en_US.UTF-8',
        LC_ALL: '',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [out, err] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    child.on('close', (code) => resolve({ code, out, err }));
  });
}

/** The one JSON line a verb prints, as its schema has it. */
async function json<Value>(schema: z.ZodType<Value>, ...args: string[]): Promise<Value> {
  const { code, out, err } = await data(...args, '--json');
  expect({ args, code, err }).toEqual({ args, code: 0, err: '' });
  return schema.parse(JSON.parse(out));
}

test(
  'the verbs of data work together, and print what the contract says',
  { timeout: 1_200_000 },
  async () => {
    const checked = await json(datasetHealthSchema, 'check', file, '--text', 'text', '--label', 'label');
    const rowsOf = Object.fromEntries(
      checked.findings.map(({ check, groups }) => [check, groups[0]?.rows.map(({ row }) => row)]),
    );
    expect(rowsOf).toMatchObject({
      exactDuplicates: [2, 14, 15],
      conflictingLabels: [2, 14, 15],
      personalData: [16],
    });

    const imported = await json(
      datasetSummarySchema,
      'import',
      file,
      '--name',
      'requests',
      '--test-share',
      '0.2',
    );
    expect(imported).toMatchObject({ name: 'requests', rows: 15 });
    const listed = await json(z.array(datasetSummarySchema), 'list');
    expect(listed.map(({ name }) => name)).toContain('requests');

    const fixed = await json(datasetSummarySchema, 'fix', 'requests', '--finding', 'exactDuplicates');
    expect(fixed).toMatchObject({ rows: 13, change: { kind: 'fixed', fix: 'keepOne', rows: 2 } });
    const masked = await json(
      datasetSummarySchema,
      'fix',
      'requests',
      '--finding',
      'personalData',
      '--with',
      'mask',
    );
    expect(masked.rows).toBe(13);
    const undone = await json(datasetSummarySchema, 'undo', 'requests');
    expect(undone.versionHash).toBe(fixed.versionHash);
    const diff = await json(versionDiffSchema, 'diff', imported.id, undone.id);
    expect(diff).toMatchObject({ added: 0, removed: 2, changed: 0 });

    const split = await json(
      datasetSummarySchema,
      'split',
      'requests',
      '--validation-share',
      '0.3',
      '--test-share',
      '0.2',
    );
    expect(split.rowsBySplit.train).toBeLessThan(9);
    const folds = await json(z.array(datasetSummarySchema), 'folds', 'requests', '--folds', '2');
    expect(folds.map(({ name }) => name)).toEqual(['requests (1/2)', 'requests (2/2)']);
    const versions = await json(z.array(datasetSummarySchema), 'versions', imported.id);
    expect(versions.map(({ change }) => change?.kind)).toEqual([
      undefined,
      'fixed',
      'fixed',
      'undone',
      'split',
    ]);
    const restored = await json(datasetSummarySchema, 'restore', imported.id);
    expect(restored.versionHash).toBe(imported.versionHash);

    const relabelled = await json(
      datasetSummarySchema,
      'relabel',
      imported.id,
      '--rows',
      '1,3',
      '--label',
      'music',
    );
    expect(relabelled.change).toEqual({ kind: 'relabelled', label: 'music', rows: 2 });

    const target = path.join(folder.path, 'music.jsonl');
    const written = await json(
      datasetExportSchema,
      'export',
      fixed.id,
      target,
      '--label',
      'music',
      '--text',
      'SONG',
    );
    expect(written).toMatchObject({ rows: 6, path: target });
    expect((await readFile(target, 'utf8')).trim().split('\n')).toHaveLength(6);

    const opened = await json(z.object({ id: z.string() }), 'label', 'open', fixed.id, '--task', 'single');
    expect(opened.id).not.toBe('');
  },
);

test('what cannot be done ends in a sentence and a code', { timeout: 600_000 }, async () => {
  const unknown = await data('fix', 'nothing', '--finding', 'exactDuplicates', '--json');
  expect(unknown.code).toBe(1);
  expect(JSON.parse(unknown.out)).toMatchObject({ event: 'error', problems: [{ code: 'common.notFound' }] });
  const wrong = await data('fix', file, '--finding', 'emptyTexts', '--with', 'mask');
  expect(wrong).toMatchObject({ code: 1, out: '' });
  expect(wrong.err).toContain('The fix mask does not go with the finding emptyTexts.');
  expect((await data('import')).err).toContain('There is nothing to import.');
});

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { taskSchema } from '../../src-main/contract/methods.ts';
import { codesOfCall, openHostForFile, problemsOfCall } from './testHost.ts';
import { encoderFolder } from './tinyModel.ts';

const { folder, host } = await openHostForFile();

async function writeRows(name: string, content: string): Promise<string> {
  const file = path.join(folder.path, name);
  await writeFile(file, content);
  return file;
}

const rows = Array.from({ length: 40 }, (_, index) => `text number ${index},${index % 2 ? 'odd' : 'even'}`);
const csv = `text,label\n${rows.join('\n')}\n`;

describe('system', () => {
  test('says what this machine and this host are', async () => {
    const info = await host.client.system.info({});
    expect(info).toMatchObject({ host: 'server', version: '0.0.0-test' });
    expect(info.dataFolder).toBe(path.join(folder.path, 'home'));
    expect(info.cores).toBeGreaterThan(0);
    expect(info.memoryBytes).toBeGreaterThan(0);
  });

  test('keeps settings', async () => {
    expect(await host.client.system.settings({})).toMatchObject({ language: 'system', theme: 'system' });
    await host.client.system.saveSettings({ language: 'ko' });
    expect(await host.client.system.settings({})).toMatchObject({ language: 'ko', theme: 'system' });
  });
});

describe('files', () => {
  test('lists folders for the chooser', async () => {
    await writeRows('listed.csv', csv);
    const listing = await host.client.files.list({ path: folder.path });
    expect(listing.entries.map((entry) => entry.name)).toContain('listed.csv');
    expect(listing.places.map((place) => place.path)).toContain(path.join(folder.path, 'home'));
    expect(await codesOfCall(host.client.files.list({ path: '/no/such/folder' }))).toEqual([
      'platform.missing',
    ]);
  });

  test('keeps uploads inside the data folder whatever their name', async () => {
    const home = path.join(folder.path, 'home');
    const content = new File([csv], 'rows.csv');
    const kept = await host.client.files.upload({ name: 'rows.csv', content });
    expect(await readFile(kept.path, 'utf8')).toBe(csv);
    for (const name of ['../../escape.csv', '/etc/escape.csv', '..\\escape.csv', 'a/b/c.csv']) {
      const outcome = await host.client.files.upload({ name, content }).catch(() => undefined);
      if (outcome !== undefined) expect(outcome.path.startsWith(path.join(home, 'uploads'))).toBe(true);
    }
    const twice = await host.client.files.upload({ name: 'rows.csv', content });
    expect(twice.path).not.toBe(kept.path);
  });
});

describe('datasets', () => {
  test('are previewed, imported, read and removed', async () => {
    const file = await writeRows('parity.csv', csv);
    const preview = await host.client.datasets.preview({ path: file });
    expect(preview).toMatchObject({ format: 'csv', columns: ['text', 'label'], totalRows: 40 });
    expect(preview.suggestedMapping.roles).toEqual({ text: 'text', label: 'label' });

    const dataset = await host.client.datasets.import({
      files: [{ path: file }],
      mapping: preview.suggestedMapping,
      validationShare: 0.2,
    });
    expect(dataset).toMatchObject({
      name: 'parity',
      rows: 40,
      rowsBySplit: { train: 32, validation: 8, test: 0 },
    });
    expect(await host.client.datasets.get({ id: dataset.id })).toEqual(dataset);

    const page = await host.client.datasets.rows({
      id: dataset.id,
      filter: { splits: ['validation'] },
      limit: 3,
    });
    expect(page.total).toBe(8);
    expect(page.rows).toHaveLength(3);
    expect(page.rows.every((row) => row.split === 'validation')).toBe(true);

    const jobs = await host.client.jobs.list({});
    expect(jobs[0]).toMatchObject({ kind: 'datasetImport', status: 'completed', resultId: dataset.id });

    await host.client.datasets.remove({ id: dataset.id });
    expect(await codesOfCall(host.client.datasets.get({ id: dataset.id }))).toEqual(['common.notFound']);
  });

  test('leave nothing behind when their import fails', async () => {
    const before = await host.client.datasets.list({});
    const file = await writeRows('holes.csv', 'text,label\na,x\n,y\nb,\n');
    const wanted = { files: [{ path: file }], mapping: { roles: { text: 'text', label: 'label' } } };
    expect(await problemsOfCall(host.client.datasets.import(wanted))).not.toEqual([]);
    expect(await host.client.datasets.list({})).toEqual(before);
    const missing = { ...wanted, files: [{ path: path.join(folder.path, 'nowhere.csv') }] };
    expect(await codesOfCall(host.client.datasets.import(missing))).toEqual(['platform.missing']);
  });
});

describe('models', () => {
  test('are inspected, imported once, and removed without touching their files', async () => {
    const inspected = await host.client.models.inspect({ path: encoderFolder });
    expect(inspected).toMatchObject({ modelType: 'bert', source: 'folder' });
    expect(inspected.tasks).toEqual(expect.arrayContaining(['classification', 'tokenClassification']));
    expect(inspected.tasks).not.toContain('causalLm');
    expect(await host.client.models.list({})).toEqual([]);

    const model = await host.client.models.import({ path: encoderFolder, name: 'mine' });
    expect(model.linearNames).toContain('query');
    const again = await host.client.models.import({ path: encoderFolder });
    expect(again.id).toBe(model.id);
    expect(await host.client.models.list({})).toHaveLength(1);

    await host.client.models.remove({ id: model.id });
    expect(await host.client.models.list({})).toEqual([]);
    expect(await readFile(path.join(encoderFolder, 'config.json'), 'utf8')).not.toBe('');
  });

  test('that are none are refused with all that is missing', async () => {
    const empty = path.join(folder.path, 'empty');
    await mkdir(empty, { recursive: true });
    expect(await codesOfCall(host.client.models.import({ path: empty }))).toEqual(['modelFolder.noConfig']);
    await writeFile(path.join(empty, 'config.json'), '{"model_type":"bert"}');
    const codes = await codesOfCall(host.client.models.inspect({ path: empty }));
    expect(codes).toEqual(expect.arrayContaining(['modelFolder.noTokenizer', 'modelFolder.noWeights']));
    expect(await host.client.models.list({})).toEqual([]);
  });
});

test('methods come with everything forms and flags are drawn from', async () => {
  const { methods, objectives, training } = await host.client.methods.list({});
  expect(methods.map((method) => method.id)).toEqual(expect.arrayContaining(['lora', 'full', 'head']));
  expect(objectives.map((objective) => objective.id)).toEqual(taskSchema.options);
  expect(training).toHaveProperty('learningRate');
});

import { describe, expect, test } from 'vitest';
import { codesOfCall, openHostForFile, problemsOfCall } from './testHost.ts';

const { host } = await openHostForFile();

describe('an id nobody knows', () => {
  const id = 'nobody';
  const calls = {
    'jobs.cancel': () => host.client.jobs.cancel({ id }),
    'models.remove': () => host.client.models.remove({ id }),
    'studies.d90': () => host.client.studies.d90({ group: id }),
    'adapters.remove': () => host.client.adapters.remove({ id }),
    'adapters.combine': () => host.client.adapters.combine({ adapters: [{ id }, { id }], name: 'both' }),
    'datasets.get': () => host.client.datasets.get({ id }),
    'datasets.rows': () => host.client.datasets.rows({ id }),
    'datasets.fix': () => host.client.datasets.fix({ id, check: 'emptyTexts' }),
    'datasets.folds': () => host.client.datasets.folds({ id, folds: 2 }),
    'datasets.relabel': () => host.client.datasets.relabel({ id, rows: [1], label: 'a' }),
    'playground.judgedRows': () => host.client.playground.judgedRows({ runId: id }),
    'datasets.addSynthetic': () =>
      host.client.datasets.addSynthetic({
        id,
        column: 'text',
        model: 'model',
        template: '{text}',
        texts: [{ text: 'new', row: 1, examples: [], seed: 0 }],
      }),
    'datasets.undo': () => host.client.datasets.undo({ id }),
    'datasets.redo': () => host.client.datasets.redo({ id }),
    'datasets.history': () => host.client.datasets.history({ id }),
    'datasets.remove': () => host.client.datasets.remove({ id }),
    'labels.startHelp': () =>
      host.client.labels.startHelp({ id, source: { kind: 'probe', modelId: 'model' } }),
    'labels.stopHelp': () => host.client.labels.stopHelp({ id }),
    'labels.similar': () => host.client.labels.similar({ id, number: 1 }),
    'labels.filters': () => host.client.labels.filters({ id }),
    'labels.saveFilter': () =>
      host.client.labels.saveFilter({ id, name: 'long', filter: {}, order: 'longest' }),
    'labels.removeFilter': () => host.client.labels.removeFilter({ id, name: 'long' }),
    'labels.agreement': () => host.client.labels.agreement({ ids: [id, 'another'] }),
    'labels.adjudicate': () => host.client.labels.adjudicate({ ids: [id, 'another'] }),
    'labels.votes': () => host.client.labels.votes({ id, numbers: [1] }),
    'runs.get': () => host.client.runs.get({ id }),
    'runs.series': () => host.client.runs.series({ id }),
    'runs.pause': () => host.client.runs.pause({ id }),
    'runs.resume': () => host.client.runs.resume({ id }),
    'runs.stop': () => host.client.runs.stop({ id }),
    'runs.steer': () => host.client.runs.steer({ id, change: { kind: 'checkpoint' } }),
    'runs.move': () => host.client.runs.move({ id, place: 0 }),
    'runs.schedule': () => host.client.runs.schedule({ id, notBefore: null }),
    'runs.annotate': () => host.client.runs.annotate({ id, change: { name: 'new' } }),
    'runs.log': () => host.client.runs.log({ id }),
    'runs.samples': () => host.client.runs.samples({ id }),
    'runs.advice': () => host.client.runs.advice({ id }),
    'runs.restore': () => host.client.runs.restore({ id }),
    'checkpoints.list': () => host.client.checkpoints.list({ id }),
    'checkpoints.remove': () => host.client.checkpoints.remove({ id, steps: [1] }),
    'checkpoints.prune': () => host.client.checkpoints.prune({ id, keep: 1 }),
    'checkpoints.restore': () => host.client.checkpoints.restore({ id, keys: ['key'] }),
    'checkpoints.emptyBin': () => host.client.checkpoints.emptyBin({ id }),
    'checkpoints.fork': () => host.client.checkpoints.fork({ id, step: 1 }),
    'runs.remove': () => host.client.runs.remove({ id }),
    'playground.predict (run)': () =>
      host.client.playground.predict({ target: { runId: id }, rows: [{ text: 'a' }] }),
    'playground.predict (model)': () =>
      host.client.playground.predict({ target: { modelId: id }, rows: [{ text: 'a' }] }),
    'exports.create': () => host.client.exports.create({ runId: id, form: 'adapter', folder: '/tmp/x' }),
  };
  for (const [name, call] of Object.entries(calls)) {
    test(name, async () => {
      const [problem] = await problemsOfCall(call());
      expect(problem?.code).toMatch(/notFound$/);
      expect(problem?.message).toContain(id);
    });
  }

  test('also for a group, a model of a comparison and a published shape', async () => {
    const task = 'classification' as const;
    const shared = { modelId: id, datasetId: id, task, methods: [{ id: 'lora' }], seeds: [0] };
    const request = { ...shared, budget: { kind: 'steps' as const, steps: 1 } };
    expect(await codesOfCall(host.client.bakeOff.get({ group: id }))).toEqual(['bakeOff.notFound']);
    expect(await codesOfCall(host.client.bakeOff.start(request))).toEqual([
      'bakeOff.nobodyApplies',
      'common.notFound',
      'common.notFound',
    ]);
    const tableOf = (model: { modelId: string } | { published: string }) =>
      host.client.methods.table({ model, task });
    expect(await codesOfCall(tableOf({ modelId: id }))).toEqual(['common.notFound']);
    expect(await codesOfCall(tableOf({ published: id }))).toEqual(['bakeOff.unknownShape']);
  });

  test('also in a stream', async () => {
    const consume = async () => {
      const stream = await host.client.playground.generate({ target: { runId: id }, prompt: 'a' });
      for await (const piece of stream) expect(piece).toBeUndefined();
    };
    expect(await codesOfCall(consume())).toEqual(['run.notFound']);
    const write = async () => {
      const target = { runId: id };
      for await (const event of await host.client.datasets.expand({ id, target, template: '{text}' }))
        expect(event).toBeUndefined();
    };
    expect(await codesOfCall(write())).toEqual(['run.notFound']);
  });
});

test('values outside the contract are named by their path', async () => {
  const problems = await problemsOfCall(host.client.datasets.rows({ id: 'x', offset: -1, limit: 9999 }));
  expect(problems.map((problem) => [problem.code, problem.path])).toEqual([
    ['common.invalidInput', 'offset'],
    ['common.invalidInput', 'limit'],
  ]);
});

test('a configuration is refused with every problem at once', async () => {
  const wrong = {
    modelId: 'no model',
    datasetId: 'no dataset',
    task: 'classification' as const,
    method: { id: 'lora', options: {} },
  };
  const problems = await problemsOfCall(host.client.runs.start(wrong));
  expect(problems.map((problem) => problem.path)).toEqual(['modelId', 'datasetId']);
  expect((await host.client.runs.forecast(wrong)).problems).toEqual(problems);
});

test('hub ids that are none never reach the network', async () => {
  for (const hubId of ['../etc', 'a/b/c', '', 'owner/..', 'owner/na me', 'https://example.com']) {
    expect(await codesOfCall(host.client.models.planDownload({ hubId }))).toEqual(['model.badHubId']);
  }
  const odd = host.client.models.planDownload({ hubId: 'owner/name', revision: '../../x' });
  expect(await codesOfCall(odd)).toEqual(['model.badHubId']);
});

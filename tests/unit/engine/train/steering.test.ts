import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { RunEventBody } from '../../../../src-main/contract/events.ts';
import type { SteeringChange } from '../../../../src-main/contract/steering.ts';
import { listCheckpoints } from '../../../../src-main/engine/index.ts';
import { makeFailing } from '../autodiff/failingBackend.ts';
import {
  backend,
  eventsOf,
  files,
  folder,
  type OnEvent,
  resultBytes,
  setUpSessions,
  train,
} from './sessions.ts';
import { makeTinyJob } from './tinyProject.ts';

setUpSessions();

const rates = (events: readonly RunEventBody[]) =>
  eventsOf(events, 'stepped').map(({ metrics }) => metrics['learningRate'] ?? 0);

/** Asks for a change after each of some steps. */
const steerAfter =
  (changes: Record<number, SteeringChange>): OnEvent =>
  (event, control) => {
    if (event.event !== 'stepped') return;
    const change = changes[event.step];
    if (change) control.steer({ id: `change-${event.step}`, change });
  };

const training = { learningRate: 5e-3, epochs: 2, batchSize: 4, seed: 3, schedule: 'constant', warmup: 0 };
const script = (events: readonly RunEventBody[], recorded: boolean) =>
  eventsOf(events, 'steered').map(({ event: _event, ...steering }) => ({ ...steering, recorded }));

it('changes the rate, measures, saves and lengthens between two steps, and says where', async () => {
  const job = makeTinyJob(folder, { training });
  const { events } = await train(
    job,
    steerAfter({
      2: { kind: 'learningRate', learningRate: 1e-4 },
      3: { kind: 'evaluation' },
      5: { kind: 'checkpoint' },
      7: { kind: 'length', epochs: 3 },
    }),
  );
  expect(eventsOf(events, 'steered').map(({ step, change }) => [step, change.kind])).toEqual([
    [2, 'learningRate'],
    [3, 'evaluation'],
    [5, 'checkpoint'],
    [7, 'length'],
  ]);
  expect(rates(events).slice(0, 4)).toEqual([5e-3, 5e-3, 1e-4, 1e-4]);
  const validated = eventsOf(events, 'evaluated').filter(({ split }) => split === 'validation');
  expect(validated.map(({ step }) => step)).toEqual([3, 9, 18, 27]);
  expect(eventsOf(events, 'checkpointed').map(({ step }) => step)).toContain(5);
  // One is kept besides the best; what somebody asked for stays all the same.
  const asked = listCheckpoints(files, job.runFolder).filter(({ kinds }) => kinds.includes('asked'));
  expect(asked.map(({ step }) => step)).toEqual([5]);
  expect(eventsOf(events, 'stepped').at(-1)).toMatchObject({ step: 27, totalSteps: 27, epoch: 3 });
  expect(eventsOf(events, 'stepped').map(({ tokens }) => tokens ?? 0)).toEqual(
    eventsOf(events, 'stepped')
      .map(({ tokens }) => tokens ?? 0)
      .toSorted((a, b) => a - b),
  );
});

it('a steered run is repeated, and taken up again after a break, to the same bytes', async () => {
  const changes = {
    2: { kind: 'learningRate', learningRate: 2e-2 },
    4: { kind: 'evaluation' },
    5: { kind: 'length', epochs: 1.5 },
  } as const satisfies Record<number, SteeringChange>;
  const steered = makeTinyJob(join(folder, 'steered'), { training });
  const { events } = await train(steered, steerAfter(changes));
  const plain = makeTinyJob(join(folder, 'plain'), { training });
  await train(plain);
  expect(resultBytes(plain)).not.toEqual(resultBytes(steered));

  const repeated = { ...makeTinyJob(join(folder, 'again'), { training }), steering: script(events, false) };
  const { events: again } = await train(repeated);
  expect(resultBytes(repeated)).toEqual(resultBytes(steered));
  expect(script(again, false)).toEqual(script(events, false));

  // Broken off after step 7, and gone on from the checkpoint of step 3, where two changes had not been made.
  const broken = makeTinyJob(join(folder, 'broken'), { training });
  const { events: before } = await train(broken, (event, control) => {
    steerAfter(changes)(event, control);
    if (event.event === 'stepped' && event.step === 7) control.stop();
  });
  for (const name of readdirSync(join(broken.runFolder, 'checkpoints'))) {
    if (name > 'step-00000004') rmSync(join(broken.runFolder, 'checkpoints', name), { recursive: true });
  }
  const { events: after } = await train({ ...broken, resume: true, steering: script(before, true) });
  expect(eventsOf(after, 'steered')).toEqual([]);
  expect(resultBytes(broken)).toEqual(resultBytes(steered));
});

it('follows requests while it is paused', async () => {
  const job = makeTinyJob(folder, { training });
  const { events } = await train(job, (event, control) => {
    if (event.event === 'stepped' && event.step === 4) control.pause();
    if (event.event === 'paused')
      setTimeout(() => control.steer({ id: 'a', change: { kind: 'evaluation' } }));
    if (event.event === 'evaluated' && event.step === 4) setTimeout(() => control.continue());
  });
  const names = events.map(({ event }) => event);
  const between = names.slice(names.indexOf('paused'), names.indexOf('resumed') + 1);
  expect(between).toEqual(['paused', 'steered', 'evaluated', 'sampled', 'checkpointed', 'resumed']);
});

it('goes on with less at once when memory runs out, with the same updates', async () => {
  const settings = { ...training, epochs: 1, batchSize: 8 };
  const usual = eventsOf(
    (await train(makeTinyJob(join(folder, 'a'), { training: settings }))).events,
    'stepped',
  );
  const scarce = makeFailing(backend, 'OOM when allocating tensor with shape[8,4]');
  const handles = backend.liveHandles;
  const job = makeTinyJob(join(folder, 'b'), { training: settings });
  const { events } = await train(
    job,
    (event) => {
      if (event.event === 'stepped' && event.step === 2) scarce.failAt(40);
    },
    scarce.backend,
  );
  expect(scarce.failed).toBe(true);
  expect(backend.liveHandles).toBe(handles);
  expect(eventsOf(events, 'steered')).toMatchObject([{ step: 2, change: { kind: 'passTokens' } }]);
  const losses = eventsOf(events, 'stepped').map(({ metrics }) => metrics['loss'] ?? NaN);
  expect(losses).toHaveLength(usual.length);
  // Dropout is drawn anew for other passes: until then all is the same, and the rest is close.
  expect(losses.slice(0, 2)).toEqual(usual.slice(0, 2).map(({ metrics }) => metrics['loss']));
  losses.forEach((loss, index) => expect(loss).toBeCloseTo(usual[index]?.metrics['loss'] ?? NaN, 1));
});

it('says so when not even one row fits', async () => {
  const scarce = makeFailing(backend, 'OOM when allocating tensor');
  const job = makeTinyJob(folder, { training: { ...training, epochs: 1, batchSize: 1 } });
  const failing = train(
    job,
    (event) => {
      if (event.event === 'stepped') scarce.failAt(40);
    },
    scarce.backend,
  );
  await expect(failing).rejects.toThrow(/Memory ran out at step 2/);
});

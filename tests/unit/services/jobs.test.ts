import { describe, expect, test } from 'vitest';
import { TunebenchError } from '../../../src-main/contract/errors/index.ts';
import { Jobs } from '../../../src-main/services/jobs.ts';

const start = { kind: 'datasetImport', title: 'rows.csv', unit: 'rows' } as const;

describe('jobs', () => {
  test('report progress, rate and result', async () => {
    let now = 0;
    const jobs = new Jobs(() => now);
    const { job, finished } = jobs.start(start, async (control) => {
      now = 1000;
      control.progress(50, 200);
      return { result: 'made', resultId: 'dataset' };
    });
    expect(job.status).toBe('running');
    expect(await finished).toBe('made');
    expect(jobs.list()).toEqual([
      expect.objectContaining({
        status: 'completed',
        done: 50,
        total: 200,
        ratePerSecond: 50,
        resultId: 'dataset',
      }),
    ]);
  });

  test('keep the problems of a failure', async () => {
    const jobs = new Jobs();
    const { finished } = jobs.start(start, async () => {
      throw new TunebenchError('common.notFound', { kind: 'file', id: 'rows.csv' });
    });
    await expect(finished).rejects.toThrow('rows.csv');
    expect(jobs.list()[0]).toMatchObject({ status: 'failed', problems: [{ code: 'common.notFound' }] });
  });

  test('are cancelled through their signal', async () => {
    const jobs = new Jobs();
    const { job, finished } = jobs.start(
      start,
      ({ signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(new Error('broken off')));
        }),
    );
    jobs.cancel(job.id);
    await expect(finished).rejects.toMatchObject({ code: 'common.cancelled' });
    expect(jobs.list()[0]).toMatchObject({ status: 'cancelled', problems: [] });
  });

  test('announce often enough to follow, not more', async () => {
    let now = 0;
    const jobs = new Jobs(() => now);
    const before = jobs.changes.version;
    await jobs.start(start, async (control) => {
      for (let row = 0; row < 1000; row++) {
        now += 1;
        control.progress(row);
      }
      return { result: null, resultId: 'dataset' };
    }).finished;
    const announced = jobs.changes.version - before;
    expect(announced).toBeGreaterThan(5);
    expect(announced).toBeLessThan(20);
    expect(jobs.changedSince(before)).toHaveLength(1);
  });

  test('are forgotten in order, running ones never', async () => {
    const jobs = new Jobs();
    const { job } = jobs.start(start, () => new Promise(() => undefined));
    for (let index = 0; index < 80; index++) {
      await jobs.start(start, async () => ({ result: null, resultId: String(index) })).finished;
    }
    expect(jobs.list().length).toBeLessThanOrEqual(51);
    expect(jobs.list().some((each) => each.id === job.id)).toBe(true);
  });
});

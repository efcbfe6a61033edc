import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Report, Task } from './durableChild.ts';
import { durablePaths } from './durablePaths.ts';
import { buildFailingCalls, canFailCalls, createFaultControl } from './failingCalls.ts';

/** So many calls of each path fail with each error; TUNEBENCH_CRASH_POINTS=1000 makes every call fail in turn. */
const asked = process.env['TUNEBENCH_CRASH_POINTS'];
const points = Number(asked ?? 2);

const reportSchema: z.ZodType<Report> = z.object({
  calls: z.number(),
  tried: z.number(),
  outcomes: z.record(z.string(), z.number()),
  broken: z.array(z.string()),
});

describe.skipIf(!canFailCalls)('whatever call to the disk fails', () => {
  let folder: string;
  let child: ChildProcess;
  let died: Promise<never>;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tunebench-calls-'));
    const library = buildFailingCalls(folder);
    const plan = join(folder, 'plan');
    const { environment } = createFaultControl(library, plan, join(folder, 'work', 'home'));
    child = fork(join(import.meta.dirname, 'durableChild.ts'), [library, plan, folder], {
      env: { ...process.env, ...environment },
    });
    died = once(child, 'exit').then(() => Promise.reject(new Error('The process under test died.')));
    died.catch(() => undefined);
  });
  afterAll(async () => {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    rmSync(folder, { recursive: true, force: true });
  });

  async function follow(task: Task): Promise<Report> {
    child.send(task);
    const answered: unknown[] = await Promise.race([once(child, 'message'), died]);
    return reportSchema.parse(answered[0]);
  }

  test.each(Object.keys(durablePaths))(
    '%s: done whole or refused whole, and done when asked again',
    async (path) => {
      const report = await follow({ path, points });
      if (asked !== undefined) process.stderr.write(`${path}: ${JSON.stringify(report)}\n`);
      expect(report.broken).toEqual([]);
      expect(report.calls).toBeGreaterThan(3);
      // The last of the calls may not come again: how many there are changes by one or two from time to time.
      expect(report.tried).toBeGreaterThan(2 * Math.min(points, report.calls));
    },
    3_600_000,
  );
});

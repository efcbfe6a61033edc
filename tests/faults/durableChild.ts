/**
 * Goes along one durable path again and again, the i-th call to the disk failing each time, and reports what it saw.
 * Its calls fail because it was started with what `createFaultControl` says.
 */
import { cpSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { ORPCError } from '@orpc/client';
import Database from 'better-sqlite3';
import { z } from 'zod';
import { TunebenchError } from '../../src-main/contract/errors/index.ts';
import { filesBelow } from '../../src-main/platform/files.ts';
import { type DurablePath, durablePaths } from './durablePaths.ts';
import { type Failure, type FaultPlan, createFaultControl } from './failingCalls.ts';

export const taskSchema = z.object({
  path: z.string(),
  /** So many calls fail with each error, spread over all there are; where that is all of them, until none fails. */
  points: z.number(),
});
export type Task = z.infer<typeof taskSchema>;
export interface Report {
  /** Calls to the disk where none fails. */
  readonly calls: number;
  readonly tried: number;
  /** How it ended, by the error and the code of the problem, and how often. */
  readonly outcomes: Record<string, number>;
  /** Promises that were broken, each with the call that failed. */
  readonly broken: string[];
}

/** A full disk stays full until somebody makes room; a disk that is about to die fails now and then. */
const failures = [
  { failure: 'ENOSPC', forGood: true },
  { failure: 'EIO', forGood: false },
  { failure: 'EACCES', forGood: false },
] as const;
const none = { failure: 'EIO', at: 0 } as const;

const [, , library = '', planPath = '', folder = ''] = process.argv;
const control = createFaultControl(library, planPath, join(folder, 'work', 'home'));

const detailOf = (error: unknown) =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);

/** The code of what was thrown; other errors than a problem with a sentence are the product's fault. */
function codeOf(error: unknown): string {
  if (error instanceof TunebenchError) return error.code;
  if (error instanceof ORPCError && error.defined) {
    const problems = z.object({ problems: z.array(z.object({ code: z.string() })) }).safeParse(error.data);
    const code = problems.data?.problems[0]?.code;
    if (code !== undefined && code !== 'common.unexpected') return code;
  }
  if (error instanceof Error && /^[a-z]+\.[a-zA-Z]+$/.test(error.message)) return error.message;
  return `not foreseen: ${detailOf(error)}`;
}

function checkFolder(home: string): void {
  const leftovers = filesBelow(home).filter(({ name }) => /\.(part|tmp)$|\.part\//.test(name));
  if (leftovers.length > 0) throw new Error(`Pieces are left: ${leftovers.map(({ name }) => name).join()}`);
  const path = join(home, 'tunebench.sqlite');
  if (!filesBelow(home).some(({ name }) => name === 'tunebench.sqlite')) return;
  const database = new Database(path, { readonly: true });
  const sound = database.pragma('integrity_check', { simple: true });
  const keys: unknown = database.pragma('foreign_key_check');
  database.close();
  if (sound !== 'ok' || !isDeepStrictEqual(keys, [])) throw new Error(`The database is damaged: ${sound}`);
}

const work = join(folder, 'work');
const template = join(folder, 'template');

/** One fresh copy of what was prepared, at the path it was prepared at. */
function fresh(): void {
  rmSync(work, { recursive: true, force: true });
  cpSync(template, work, { recursive: true, verbatimSymlinks: true });
}

interface Attempt {
  readonly code: string;
  /** What can be seen at once, where it could be opened; after the next start; after asking again. */
  readonly seen: unknown;
  readonly kept: unknown;
  readonly repeated: unknown;
  readonly calls: number;
  readonly fired: string | null;
}

/** Goes along the path once, from a fresh copy of what was prepared. */
async function attempt(path: DurablePath, plan: FaultPlan): Promise<Attempt> {
  fresh();
  let code = 'done';
  let session: Awaited<ReturnType<DurablePath['open']>> | undefined;
  let told: ReturnType<typeof control.disarm> = { calls: 0, fired: null };
  const disarm = () => {
    if (told.fired === null) told = control.disarm();
  };
  try {
    if (path.opening) control.arm(plan);
    session = await path.open(work);
    if (!path.opening) control.arm(plan);
    await session.act(disarm);
  } catch (error) {
    code = codeOf(error);
  } finally {
    disarm();
  }
  const seen = await session?.look();
  await session?.close();
  // As after the next start, and then once more with a disk that works.
  const again = await path.open(work);
  const kept = await again.look();
  if (code !== 'done') await again.act(() => undefined);
  const repeated = await again.look();
  await again.close();
  checkFolder(join(work, 'home'));
  return { code, seen, kept, repeated, ...told };
}

/** Which of so many calls are to fail with one error: other ones than with the errors before it, where not all are. */
function chosenCalls(calls: number, points: number, error: number): number[] {
  const count = Math.min(calls, points);
  const from = (index: number) => ((index + error / failures.length) * calls) / count;
  return Array.from({ length: count }, (_, index) => 1 + Math.floor(from(index)));
}

/** What of an attempt breaks the promise. */
function faultsOf(
  path: DurablePath,
  failure: Failure,
  { before, after }: { before: unknown; after: unknown },
  seen: Attempt,
): string[] {
  const { code, kept, repeated } = seen;
  if (code.startsWith('not foreseen')) return [`it was refused without a sentence: ${code}`];
  const allowed = code === 'done' ? [after] : [before, after];
  const isAllowed = (state: unknown) => allowed.some((each) => isDeepStrictEqual(state, each));
  const faults: string[] = [];
  // A full disk is never taken for anything else, and nothing else for a full disk.
  if (code !== 'done' && (code === 'platform.diskFull') !== (failure === 'ENOSPC')) {
    faults.push(`it was refused with ${code}`);
  }
  const tell = (when: string, state: unknown) => faults.push(`${code}, ${when}: ${JSON.stringify(state)}`);
  if (seen.seen !== undefined && !isAllowed(seen.seen)) tell('seen at once', seen.seen);
  if (path.opening !== true && !isAllowed(kept)) tell('seen after a restart', kept);
  // A request that had been carried out before its refusal is carried out twice: that is no loss.
  if (isDeepStrictEqual(kept, before) && !isDeepStrictEqual(repeated, after)) tell('asked again', repeated);
  return faults;
}

async function prepare(path: DurablePath): Promise<unknown> {
  rmSync(work, { recursive: true, force: true });
  rmSync(template, { recursive: true, force: true });
  mkdirSync(work);
  await path.prepare(work);
  renameSync(work, template);
  if (path.opening === true) return undefined;
  fresh();
  const session = await path.open(work);
  const before = await session.look();
  await session.close();
  return before;
}

async function follow({ path: name, points }: Task): Promise<Report> {
  const path = durablePaths[name];
  if (path === undefined) throw new Error(`There is no path ${name}.`);
  const before = await prepare(path);
  const { calls, kept: after } = await attempt(path, none);
  const broken: string[] = [];
  const outcomes: Record<string, number> = {};
  let tried = 0;
  if (isDeepStrictEqual(before, after)) broken.push('It changes nothing.');
  for (const [index, { failure, forGood }] of failures.entries()) {
    const chosen = chosenCalls(calls, points, index);
    // A failure may lead to other calls than there are without: on until none fails.
    const all = points >= calls;
    for (let place = 0; all || place < chosen.length; place++) {
      const at = all ? place + 1 : (chosen[place] ?? 0);
      tried++;
      try {
        const seen = await attempt(path, { failure, at, forGood });
        const what = `${failure}: ${seen.code}`;
        outcomes[what] = (outcomes[what] ?? 0) + 1;
        for (const fault of faultsOf(path, failure, { before, after }, seen)) {
          broken.push(`call ${at} of ${calls}, ${failure} at ${seen.fired ?? 'none'}: ${fault}`);
        }
        if (seen.fired === null && all) break;
      } catch (error) {
        const { fired } = control.disarm();
        broken.push(`call ${at} of ${calls}, ${failure} at ${fired ?? 'none'}: ${detailOf(error)}`);
        if (fired === null) break;
      }
    }
  }
  return { calls, tried, outcomes, broken };
}

process.on('message', (message) => {
  follow(taskSchema.parse(message)).then(
    (report) => process.send?.(report),
    (error: unknown) => process.send?.({ calls: 0, tried: 0, outcomes: {}, broken: [String(error)] }),
  );
});

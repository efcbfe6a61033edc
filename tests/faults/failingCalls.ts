/**
 * Makes calls of real processes fail: a small library, preloaded into them, counts every call of theirs that changes a
 * file below one folder (write, fsync, rename, open, truncate, mkdir, unlink: Node's, SQLite's and the engine's alike)
 * and lets the n-th fail, or kills the process there. The plan is a file that they all map, so it can be changed while
 * they run.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';

/** What a call fails with; `kill` ends the process at the call instead. */
export type Failure = 'ENOSPC' | 'EIO' | 'EACCES' | 'kill';

export interface FaultPlan {
  readonly failure: Failure;
  /** The call that fails, from 1. */
  readonly at: number;
  /** Every later call fails too, until `disarm`. */
  readonly forGood?: boolean;
}

const compilers = [process.env['CXX'] ?? 'g++', 'g++', 'clang++', 'c++'];
const compiler = compilers.find((name) => spawnSync(name, ['--version']).status === 0);

/** Preloading needs Linux and the compiler that set-up needs; a machine that calls itself CI must have both. */
export const canFailCalls =
  process.env['CI'] === 'true' || (process.platform === 'linux' && compiler !== undefined);

/** Compiles the library into a folder. @returns its path */
export function buildFailingCalls(folder: string): string {
  const library = join(folder, 'failingCalls.so');
  if (existsSync(library)) return library;
  const source = join(import.meta.dirname, 'failingCalls.cc');
  const { status, stderr } = spawnSync(
    compiler ?? 'g++',
    ['-shared', '-fPIC', '-O1', '-Wall', '-Werror', '-o', library, source, '-ldl'],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`failingCalls.cc does not compile: ${stderr}`);
  return library;
}

/** The layout that failingCalls.cc maps: six numbers of 32 bits, the folder, what fired. */
const numbers = ['armed', 'at', 'error', 'forGood', 'calls', 'fired'] as const;
const textBytes = 1024;
const planBytes = numbers.length * 4 + 2 * textBytes;

export interface FaultControl {
  /** What a process under test is started with. */
  readonly environment: Readonly<Record<string, string>>;
  arm(plan: FaultPlan): void;
  /** Lets every call work again. @returns calls counted since `arm`, and what failed first, if anything */
  disarm(): { calls: number; fired: string | null };
}

/** @param planPath where the plan is kept @param folder the calls below it are counted */
export function createFaultControl(library: string, planPath: string, folder: string): FaultControl {
  const descriptor = openSync(planPath, existsSync(planPath) ? 'r+' : 'w+');
  ftruncateSync(descriptor, planBytes);
  const put = (name: (typeof numbers)[number], value: number) => {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32LE(value);
    writeSync(descriptor, bytes, 0, 4, numbers.indexOf(name) * 4);
  };
  const get = (name: (typeof numbers)[number]): number => {
    const bytes = Buffer.alloc(4);
    readSync(descriptor, bytes, 0, 4, numbers.indexOf(name) * 4);
    return bytes.readInt32LE();
  };
  const texts = numbers.length * 4;
  const path = Buffer.alloc(textBytes);
  path.write(folder);
  writeSync(descriptor, path, 0, textBytes, texts);
  return {
    environment: { LD_PRELOAD: library, TUNEBENCH_FAULT_PLAN: planPath },
    arm({ failure, at, forGood = false }) {
      put('armed', 0);
      put('at', at);
      put('error', failure === 'kill' ? 0 : constants.errno[failure]);
      put('forGood', forGood ? 1 : 0);
      put('calls', 0);
      put('fired', 0);
      put('armed', 1);
    },
    disarm() {
      put('armed', 0);
      const what = Buffer.alloc(textBytes);
      readSync(descriptor, what, 0, textBytes, texts + textBytes);
      const fired = get('fired') === 1 ? what.toString('utf8', 0, what.indexOf(0)) : null;
      return { calls: get('calls'), fired };
    },
  };
}

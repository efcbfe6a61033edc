import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { ORPCError } from '@orpc/client';
import { afterAll } from 'vitest';
import { z } from 'zod';
import { type Problem, problemSchema } from '../../src-main/contract/errors/index.ts';
import { applicationFolder, workerLauncher } from '../../src-main/hosts/openHost.ts';
import type { WorkerLauncher } from '../../src-main/platform/index.ts';
import { createDispatcher } from '../../src-main/rpc/dispatcher.ts';
import { createRouter } from '../../src-main/rpc/router.ts';
import { openServices } from '../../src-main/services/services.ts';

/** A folder of its own for one test file, with a data folder inside. */
export async function makeTestFolder(): Promise<{ path: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'tunebench-contract-'));
  return { path: folder, remove: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }) };
}

export interface TestHostOptions {
  readonly folder: string;
  /** The real engine process when left out. */
  readonly launcher?: WorkerLauncher;
  /** With the shipped samples; starting is faster without. */
  readonly samples?: boolean;
}

/** A host on a data folder inside `folder`, reached through the in-process link. */
export async function openTestHost({ folder, launcher, samples = false }: TestHostOptions) {
  const application = path.join(folder, samples ? 'applicationWithSamples' : 'application');
  await mkdir(path.join(application, 'resources', 'samples'), { recursive: true });
  const link = async (from: string, to: string) =>
    symlink(from, to).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  await link(path.join(applicationFolder, 'node_modules'), path.join(application, 'node_modules'));
  if (samples) {
    const from = path.join(applicationFolder, 'resources', 'samples');
    await cp(from, path.join(application, 'resources', 'samples'), { recursive: true });
  }
  const services = await openServices({
    host: 'server',
    version: '0.0.0-test',
    applicationFolder: application,
    dataFolder: path.join(folder, 'home'),
    launcher: launcher ?? workerLauncher(),
    adoptQueuedRuns: true,
  });
  const dispatcher = createDispatcher(createRouter(services));
  return { services, dispatcher, client: dispatcher.client(), close: () => services.close() };
}
export type TestHost = Awaited<ReturnType<typeof openTestHost>>;

/** A host in a folder of its own for the tests of one file; both go when the tests are over. */
export async function openHostForFile(options: Omit<TestHostOptions, 'folder'> = {}) {
  const folder = await makeTestFolder();
  const host = await openTestHost({ ...options, folder: folder.path });
  afterAll(async () => {
    await host.close();
    await folder.remove();
  });
  return { folder, host };
}

const failureSchema = z.object({ problems: z.array(problemSchema) });

/** The problems a call fails with; the test fails when it does not, or fails in another way. */
export async function problemsOfCall(call: Promise<unknown>): Promise<Problem[]> {
  try {
    await call;
  } catch (error) {
    if (error instanceof ORPCError && error.code === 'FAILED' && error.defined) {
      return failureSchema.parse(error.data).problems;
    }
    throw error;
  }
  throw new Error('The call was expected to fail.');
}

/** The codes of the problems a call fails with. */
export async function codesOfCall(call: Promise<unknown>): Promise<string[]> {
  return (await problemsOfCall(call)).map((problem) => problem.code);
}

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { recommendedEnvironment } from '../engine/backend/tensorflowBinding.ts';
import { type WorkerLauncher, dataFolderPath, nodeLauncher } from '../platform/index.ts';
import { createDispatcher } from '../rpc/dispatcher.ts';
import { createRouter } from '../rpc/router.ts';
import { openServices } from '../services/services.ts';
import type { SystemInfo } from '../contract/system.ts';
import { serveLocalLine } from './localLine.ts';

/** The folder of the program: sources, resources and what set-up recorded. */
export const applicationFolder = path.resolve(import.meta.dirname, '..', '..');

export const version = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(path.join(applicationFolder, 'package.json'), 'utf8'))).version;

/** Workers run the engine's process with quiet native libraries whose threads do not spin while they wait. */
export function workerLauncher(nodePath?: string): WorkerLauncher {
  return nodeLauncher({
    entryPath: path.join(applicationFolder, 'src-main', 'hosts', 'worker', 'main.ts'),
    ...(nodePath === undefined ? {} : { nodePath }),
    environment: { ...recommendedEnvironment, OMP_WAIT_POLICY: 'passive' },
  });
}

export interface HostOptions {
  readonly host: SystemInfo['host'];
  readonly adoptQueuedRuns: boolean;
  readonly dataFolder?: string;
  readonly launcher?: WorkerLauncher;
}

/** Opens the data folder with everything a host needs to answer the contract. */
export async function openHost(options: HostOptions) {
  const services = await openServices({
    host: options.host,
    version,
    applicationFolder,
    dataFolder: options.dataFolder ?? dataFolderPath(),
    launcher: options.launcher ?? workerLauncher(),
    adoptQueuedRuns: options.adoptQueuedRuns,
  });
  const dispatcher = createDispatcher(createRouter(services));
  const closeLine = await serveLocalLine(services.dataFolder, dispatcher.serveLine).catch(
    (error: unknown) => {
      // A host that other programs cannot reach is still a host.
      services.report('local line', error);
      return () => Promise.resolve();
    },
  );
  return {
    services,
    dispatcher,
    async close() {
      await closeLine();
      await services.close();
    },
  };
}
export type Host = Awaited<ReturnType<typeof openHost>>;

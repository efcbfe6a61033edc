import type { SystemInfo } from '../contract/system.ts';
import { freeDiskBytes, probeGpus, processorCores, usableMemoryBytes } from '../platform/index.ts';
import type { ServiceContext } from './context.ts';

/** What this machine has, and what of it is used. */
export function createSystemService(context: ServiceContext) {
  return {
    async info(): Promise<SystemInfo> {
      const { setup } = context;
      const probe = await probeGpus();
      return {
        version: context.version,
        host: context.host,
        platform: `${process.platform} ${process.arch}`,
        cores: processorCores(),
        memoryBytes: usableMemoryBytes(),
        freeDiskBytes: freeDiskBytes(context.dataFolder.path),
        dataFolder: context.dataFolder.path,
        backend: { kind: setup.backend.kind, libraryVersion: setup.libraryVersion, reason: setup.reason },
        gpus: probe.gpus.map((gpu) => ({ ...gpu, used: setup.cuda, reason: setup.reason })),
      };
    },
  };
}

import type { SystemInfo } from '../contract/system.ts';
import { freeDiskBytes, probeGpus, processorCores, usableMemoryBytes } from '../platform/index.ts';
import type { ServiceContext } from './context.ts';

/** What this machine has, and what of it is used. */
export function createSystemService(context: ServiceContext) {
  // Asking the driver takes a moment, and cards do not come and go.
  let probed: ReturnType<typeof probeGpus> | undefined;
  return {
    async info(): Promise<SystemInfo> {
      const { setup } = context;
      probed ??= probeGpus();
      const probe = await probed;
      return {
        version: context.version,
        host: context.host,
        platform: `${process.platform} ${process.arch}`,
        cores: processorCores(),
        memoryBytes: usableMemoryBytes(),
        freeDiskBytes: freeDiskBytes(context.dataFolder.path),
        dataFolder: context.dataFolder.path,
        backend: { kind: setup.backend.kind, libraryVersion: setup.libraryVersion, reason: setup.reason },
        gpus: probe.gpus.map((gpu) => ({
          ...gpu,
          used: setup.cuda,
          reason: setup.cudaReason ?? setup.reason,
        })),
        noGpuReason: probe.noneReason,
      };
    },
  };
}

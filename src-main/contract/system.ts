import { z } from 'zod';
import { localizedTextSchema } from './text.ts';

export const gpuSchema = z.object({
  name: z.string(),
  memoryBytes: z.number().int(),
  used: z.boolean(),
  /** Why it is or is not used. */
  reason: localizedTextSchema,
});

export const systemInfoSchema = z.object({
  version: z.string(),
  host: z.enum(['electron', 'server', 'cli']),
  platform: z.string(),
  cores: z.number().int(),
  memoryBytes: z.number().int(),
  freeDiskBytes: z.number().int(),
  dataFolder: z.string(),
  backend: z.object({
    kind: z.enum(['tensorflow', 'portable']),
    libraryVersion: z.string(),
    /** Why this backend: what set-up found. */
    reason: localizedTextSchema,
  }),
  gpus: z.array(gpuSchema),
  /** Why there is none; null where there is one. */
  noGpuReason: localizedTextSchema.nullable(),
});
export type SystemInfo = z.infer<typeof systemInfoSchema>;

/** A way to look at the log of runs. */
export const runViewSchema = z.object({
  name: z.string().trim().min(1).max(80),
  filter: z.string().max(2_000),
  columns: z.array(z.string()),
  sorting: z.object({ key: z.string(), descending: z.boolean() }),
  /** The column runs are grouped by; left out for one list. */
  groupBy: z.string().optional(),
});
export type RunView = z.infer<typeof runViewSchema>;

/** Baselines that are remembered. */
export const mostBaselines = 200;

export const settingsSchema = z.object({
  language: z.enum(['system', 'en', 'ko']),
  theme: z.enum(['system', 'light', 'dark']),
  /** Waiting runs stay where they are; those in training go on. */
  queuePaused: z.boolean(),
  /** Runs that train at the same time. */
  queueSlots: z.number().int().min(1).max(16),
  /** Whether runs that a crash or the end of the program cut off go on by themselves. */
  resumeAfterBreak: z.boolean(),
  /** Whether the system tells when a run is over. */
  notifyWhenDone: z.boolean(),
  /** Filters of the log that were given a name. */
  runViews: z.array(runViewSchema),
  /** Runs that others are compared with, the one chosen last first. */
  baselineRuns: z.array(z.string()).max(mostBaselines),
});
export type Settings = z.infer<typeof settingsSchema>;

/** What every window holds a copy of; each is told when it is out of date, whoever has changed it. */
export const sharedListSchema = z.enum(['datasets', 'models', 'runs', 'settings']);
export type SharedList = z.infer<typeof sharedListSchema>;

/** A folder listing for the file chooser, which works the same in the window and in a browser. */
export const folderListingSchema = z.object({
  path: z.string(),
  parent: z.string().nullable(),
  entries: z.array(
    z.object({
      name: z.string(),
      path: z.string(),
      kind: z.enum(['folder', 'file']),
      sizeBytes: z.number().int(),
    }),
  ),
  places: z.array(z.object({ name: z.string(), path: z.string() })),
});
export type FolderListing = z.infer<typeof folderListingSchema>;

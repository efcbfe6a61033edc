import { z } from 'zod';
import { type AdapterSummary, adapterChoiceSchema } from '../../contract/adapters.ts';
import type { RunSummary } from '../../contract/runs.ts';
import { taskSchema } from '../../contract/methods.ts';
import { isAdapterFolder } from '../../engine/formats/peftAdapter.ts';
import { isTable, readJsonTable } from '../../engine/formats/jsonFiles.ts';
import { filesBelow } from '../../platform/index.ts';
import type { ServiceContext } from '../context.ts';

/** An adapter and the folder it lies in. */
export interface KnownAdapter {
  readonly summary: AdapterSummary;
  readonly folder: string;
}

/** What is written beside an adapter that no run made. */
const adapterCardSchema = z.object({
  name: z.string(),
  origin: z.enum(['combined', 'imported']),
  modelId: z.string(),
  modelName: z.string(),
  task: taskSchema,
  createdAt: z.string(),
  parts: z.array(adapterChoiceSchema.extend({ name: z.string() })),
});
export type AdapterCard = z.infer<typeof adapterCardSchema>;

export const cardName = 'adapter.json';

/** Type of an adapter folder as its configuration says, and whether it is a LoRA that two matrices describe. */
function readKind({ files }: ServiceContext, folder: string): Pick<AdapterSummary, 'type' | 'canCombine'> {
  const config = readJsonTable(files, files.join(folder, 'adapter_config.json'));
  const inner = isTable(config['config']) ? config['config'] : {};
  const type = String(config['peft_type'] ?? inner['architecture'] ?? 'bottleneck');
  const isPlain =
    config['use_dora'] !== true && config['lora_bias'] !== true && (config['bias'] ?? 'none') === 'none';
  return { type, canCombine: type === 'LORA' && isPlain };
}

function sizeOf(folder: string): number {
  return filesBelow(folder).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

function adapterOfRun(context: ServiceContext, run: RunSummary): KnownAdapter[] {
  const { files, dataFolder } = context;
  const folder = files.join(dataFolder.runPath(run.id), 'result');
  if (!isAdapterFolder(files, folder)) return [];
  const { id, name, modelId, modelName, task, createdAt } = run;
  const summary = {
    ...{ id, name, modelId, modelName, task, createdAt, origin: 'run' as const, parts: [] },
    ...readKind(context, folder),
    sizeBytes: sizeOf(folder),
  };
  return [{ summary, folder }];
}

function adapterIn(context: ServiceContext, id: string): KnownAdapter[] {
  const { files, dataFolder } = context;
  const folder = files.join(dataFolder.adaptersPath, id, 'adapter');
  const card = files.join(dataFolder.adaptersPath, id, cardName);
  // The card is written last: without it the adapter was never finished.
  if (!files.exists(card) || !isAdapterFolder(files, folder)) return [];
  const known = adapterCardSchema.parse(JSON.parse(files.readText(card)));
  return [{ summary: { id, ...known, ...readKind(context, folder), sizeBytes: sizeOf(folder) }, folder }];
}

/** Every adapter of the data folder, newest first. */
export function findAdapters(context: ServiceContext): KnownAdapter[] {
  const { store, files, dataFolder } = context;
  const known = [
    ...store.runs.list().flatMap((run) => adapterOfRun(context, run)),
    ...files.list(dataFolder.adaptersPath).flatMap((id) => adapterIn(context, id)),
  ];
  return known.sort((a, b) => (a.summary.createdAt < b.summary.createdAt ? 1 : -1));
}

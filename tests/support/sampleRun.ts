import type { RunStart } from '../../src-main/contract/runs.ts';
import type { HostClient } from '../../src-main/rpc/dispatcher.ts';

/** A LoRA run of the tiny encoder on the classification sample, that is shipped with the workbench. */
export async function sampleRun(
  client: HostClient,
  { name, training }: Required<Pick<RunStart, 'name' | 'training'>>,
): Promise<RunStart> {
  const [datasets, models] = await Promise.all([client.datasets.list({}), client.models.list({})]);
  const dataset = datasets.find(({ labels }) => labels.length > 0);
  const model = models.find(({ modelType }) => modelType === 'bert');
  if (!dataset || !model) throw new Error('The samples are not there.');
  return {
    name,
    modelId: model.id,
    datasetId: dataset.id,
    task: 'classification',
    objective: {},
    method: { id: 'lora', options: {} },
    training,
  };
}

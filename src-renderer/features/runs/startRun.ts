import type { RunStart } from '../../../src-main/contract/runs.ts';
import { router } from '../../app/router.svelte.ts';
import { library } from '../../app/state/library.svelte.ts';
import { client } from '../../rpc/client.ts';

/** Starts a run and goes to watch it. Throws what is wrong with the configuration. */
export async function startRun(start: RunStart): Promise<void> {
  const goOn = router.onward();
  const run = await client.runs.start(start);
  library.runs.value = [run, ...(library.runs.value ?? []).filter(({ id }) => id !== run.id)];
  // A list that was asked for before does not know of the run.
  void library.runs.reload();
  goOn({ page: 'run', id: run.id, tab: 'train' });
}

import type { RunEventBody } from '../../../src-main/contract/events.ts';
import type { RunSummary } from '../../../src-main/contract/runs.ts';
import { library } from '../../app/state/library.svelte.ts';
import { client } from '../../rpc/client.ts';
import { follow } from '../../rpc/follow.ts';
import { statusAfter } from './runEvents.ts';
import { isActive } from './runStatus.ts';

const updateEveryMs = 500;

function afterEvent(run: RunSummary, body: RunEventBody): RunSummary {
  const next = { ...run, status: statusAfter(body) ?? run.status };
  if (body.event === 'stepped') return { ...next, step: body.step, totalSteps: body.totalSteps };
  return next;
}

/** Keeps one run of the list up to date while it is active; the list is loaded anew when it ends. */
export async function followActiveRun(id: string, signal: AbortSignal): Promise<void> {
  const detail = await client.runs.get({ id }, { signal });
  let after = detail.lastSequence;
  let current: RunSummary | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const publish = (): void => {
    timer = undefined;
    const changed = current;
    if (!changed || signal.aborted) return;
    library.runs.value = library.runs.value?.map((run) => (run.id === id ? changed : run));
    if (!isActive(changed.status)) void library.runs.reload();
  };
  await follow(
    (inner) => client.runs.events({ runId: id, after }, { signal: inner }),
    ({ sequence, body }) => {
      after = sequence;
      const known = current ?? library.runs.value?.find((run) => run.id === id);
      if (known) current = afterEvent(known, body);
      timer ??= setTimeout(publish, updateEveryMs);
    },
    signal,
  );
}

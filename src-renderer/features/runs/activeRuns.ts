import type { RunEventBody } from '../../../src-main/contract/events.ts';
import type { RunSummary } from '../../../src-main/contract/runs.ts';
import { library } from '../../app/state/library.svelte.ts';
import { client } from '../../rpc/client.ts';
import { follow } from '../../rpc/follow.ts';
import { statusAfter } from './runEvents.ts';

const updateEveryMs = 500;

function afterEvent(run: RunSummary, body: RunEventBody): RunSummary {
  const next = { ...run, status: statusAfter(body) ?? run.status };
  if (body.event === 'stepped') return { ...next, step: body.step, totalSteps: body.totalSteps };
  return next;
}

/** Changes a run of the list. */
function change(id: string, next: (run: RunSummary) => RunSummary): void {
  library.runs.value = library.runs.value?.map((run) => (run.id === id ? next(run) : run));
}

/** Keeps one run of the list up to date while it is active; the list is loaded anew when its status changes. */
export async function followActiveRun(id: string, signal: AbortSignal): Promise<void> {
  const { status, step, totalSteps, lastSequence } = await client.runs.get({ id }, { signal });
  let after = lastSequence;
  let news: RunEventBody[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  // What happened since the list was read comes with no event that follows.
  const listed = library.runs.value?.find((run) => run.id === id);
  if (!signal.aborted && listed?.status !== status) {
    change(id, (run) => ({ ...run, status, step, totalSteps }));
  }
  const publish = (): void => {
    timer = undefined;
    const bodies = news;
    news = [];
    if (!signal.aborted) change(id, (run) => bodies.reduce(afterEvent, run));
  };
  await follow(
    (inner) => client.runs.events({ runId: id, after }, { signal: inner }),
    ({ sequence, body }) => {
      after = sequence;
      news.push(body);
      timer ??= setTimeout(publish, updateEveryMs);
    },
    signal,
  );
}

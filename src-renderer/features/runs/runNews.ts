import type { RunSummary } from '../../../src-main/contract/runs.ts';
import { show, t } from '../../app/i18n/language.svelte.ts';
import { library } from '../../app/state/library.svelte.ts';
import { isActive } from './runStatus.ts';

/** What the tab says: how far the run in training is, or what has just ended. */
export function tabTitle(runs: readonly RunSummary[], ended: RunSummary | undefined): string {
  const active = runs.find((run) => run.status === 'running' || run.status === 'paused');
  if (active?.totalSteps)
    return `${show.share(active.step / active.totalSteps)} · ${active.name} · Tunebench`;
  if (ended) return `${t(`status.${ended.status}`)} · ${ended.name} · Tunebench`;
  return 'Tunebench';
}

/** Runs that were active a moment ago and are not any more. */
export function justEnded(before: readonly RunSummary[], after: readonly RunSummary[]): RunSummary[] {
  const active = new Set(before.filter(({ status }) => isActive(status)).map(({ id }) => id));
  return after.filter((run) => active.has(run.id) && !isActive(run.status));
}

/** Tells through the system, where the person wants that and the browser may. */
export function notify(run: RunSummary): void {
  if (library.settings.value?.notifyWhenDone !== true) return;
  if (!('Notification' in window) || Notification.permission !== 'granted') return;
  const news = new Notification(run.name, { body: t(`status.${run.status}`), tag: run.id });
  news.onclick = () => {
    window.focus();
    location.hash = `#/runs/${encodeURIComponent(run.id)}/train`;
  };
}

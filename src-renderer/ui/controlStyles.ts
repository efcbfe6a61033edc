/** The frame that every text-like control shares. */
export function controlFrame(invalid = false): string {
  const line = invalid ? 'border-bad' : 'border-control-line/60 hover:border-control-line';
  return `w-full min-w-0 rounded-md border bg-surface px-2.5 text-base text-ink transition-colors disabled:opacity-60 ${line}`;
}

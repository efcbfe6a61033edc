import { factNames } from '../../../src-main/contract/runValues.ts';
import type { RunSummary } from '../../../src-main/contract/runs.ts';
import { t } from '../../app/i18n/language.svelte.ts';
import type { SelectChoice } from '../../ui/selectChoice.ts';
import { columnTitle } from './columnTitle.ts';
import { differingSettings } from './runColumns.ts';
import { everything } from './runList.svelte.ts';

/** Facts many runs share; the others tell each run apart. */
const sharedFacts = factNames.filter((name) =>
  ['project', 'group', 'method', 'model', 'data', 'task', 'status', 'tags'].includes(name),
);

/** What the table can be grouped by: facts, and the settings in which runs differ. */
export function groupingChoices(runs: readonly RunSummary[], current: string): SelectChoice[] {
  const columns = new Set([...sharedFacts, ...differingSettings(runs)]);
  if (current !== everything) columns.add(current);
  return [
    { value: everything, label: t('runs.groupNothing') },
    ...[...columns].map((value) => ({
      value,
      label: t('runs.groupByColumn', { column: columnTitle(value) }),
    })),
  ];
}

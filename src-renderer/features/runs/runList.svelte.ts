import { SvelteSet } from 'svelte/reactivity';
import type { Sorting } from './runColumns.ts';

/** No grouping, no project: what stands first in a choice. */
export const everything = 'all';

/** How the log is looked at, kept while other pages are visited. */
class RunList {
  query = $state('');
  project = $state(everything);
  /** A column of `runValue`, or `everything` for one list. */
  groupBy = $state(everything);
  sorting = $state.raw<Sorting>({ key: 'createdAt', descending: true });
  readonly selected = new SvelteSet<string>();
  readonly closedGroups = new SvelteSet<string>();

  sortBy(key: string): void {
    this.sorting = { key, descending: this.sorting.key === key ? !this.sorting.descending : true };
  }

  select(ids: Iterable<string>, chosen: boolean): void {
    for (const id of ids) {
      if (chosen) this.selected.add(id);
      else this.selected.delete(id);
    }
  }

  toggleGroup(key: string): void {
    if (!this.closedGroups.delete(key)) this.closedGroups.add(key);
  }

  chooseGrouping(groupBy: string): void {
    this.groupBy = groupBy;
    this.closedGroups.clear();
  }
}
export const runList = new RunList();

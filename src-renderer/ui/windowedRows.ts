/** The rows of a long list that are in view, with some beyond, and the room the others take. */
export interface RowWindow {
  readonly first: number;
  readonly end: number;
  readonly before: number;
  readonly after: number;
}

/** Rows kept beyond the edges, so that fast scrolling never shows an empty place. */
const beyond = 20;

/** @param viewTop pixels scrolled past the first row; may be negative @param viewHeight pixels of the view */
export function windowRows(count: number, rowHeight: number, viewTop: number, viewHeight: number): RowWindow {
  const first = Math.min(count, Math.max(0, Math.floor(viewTop / rowHeight) - beyond));
  const end = Math.max(first, Math.min(count, Math.ceil((viewTop + viewHeight) / rowHeight) + beyond));
  return { first, end, before: first * rowHeight, after: (count - end) * rowHeight };
}

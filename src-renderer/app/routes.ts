export const runTabs = ['train', 'validate', 'test', 'use'] as const;
export type RunTab = (typeof runTabs)[number];
const setupSections = ['strategy', 'hyperparameters', 'initialise'] as const;
export type SetupSection = (typeof setupSections)[number];

/** Every place in the window, as it stands in the address after `#`. */
export type Route =
  | { page: 'home' }
  | { page: 'datasets' }
  | { page: 'importDataset' }
  | { page: 'dataset'; id: string }
  | { page: 'expand'; id: string }
  | { page: 'openLabelling'; id: string }
  | { page: 'label'; id: string }
  | { page: 'models' }
  | { page: 'importModel' }
  | { page: 'downloadModel' }
  | { page: 'setup'; section: SetupSection }
  | { page: 'runs' }
  | { page: 'run'; id: string; tab: RunTab }
  /** Rows behind a cell of a run's confusion matrix; without labels, all its mistakes. */
  | { page: 'judgedRows'; runId: string; actual?: string; predicted?: string }
  | { page: 'compare'; ids: readonly string[] }
  | { page: 'bakeOff' }
  | { page: 'bakeOffResult'; group: string }
  | { page: 'noRun'; tab: RunTab }
  | { page: 'settings' }
  | { page: 'unknown'; path: string };

function oneOf<Value extends string>(values: readonly Value[], value: string | undefined): Value | undefined {
  return values.find((candidate) => candidate === value);
}

/** Reads `#/runs/abc/use`; anything it does not know is `unknown`, never an exception. */
export function parseRoute(hash: string): Route {
  // The access token stands here only until the session has begun.
  const path = hash.startsWith('#token=') ? '' : hash.replace(/^#/, '');
  const parts = path.split('/').filter((part) => part !== '');
  const [area, second, third] = parts;
  const unknown: Route = { page: 'unknown', path };
  switch (area) {
    case undefined:
      return { page: 'home' };
    case 'data':
      if (second === undefined) return { page: 'datasets' };
      if (third === 'label') return { page: 'openLabelling', id: decode(second) };
      if (third === 'expand') return { page: 'expand', id: decode(second) };
      return second === 'import' ? { page: 'importDataset' } : { page: 'dataset', id: decode(second) };
    case 'label':
      return second === undefined ? unknown : { page: 'label', id: decode(second) };
    case 'models':
      if (second === undefined) return { page: 'models' };
      if (second === 'import') return { page: 'importModel' };
      return second === 'download' ? { page: 'downloadModel' } : unknown;
    case 'setup': {
      const section = second === undefined ? 'strategy' : oneOf(setupSections, second);
      return section ? { page: 'setup', section } : unknown;
    }
    case 'runs': {
      if (second === undefined) return { page: 'runs' };
      if (third === 'rows') {
        const [, , , actual, predicted] = parts;
        return {
          page: 'judgedRows',
          runId: decode(second),
          ...(actual === undefined ? {} : { actual: decode(actual) }),
          ...(predicted === undefined ? {} : { predicted: decode(predicted) }),
        };
      }
      const tab = third === undefined ? 'train' : oneOf(runTabs, third);
      return tab ? { page: 'run', id: decode(second), tab } : unknown;
    }
    case 'compare':
      return second === undefined ? unknown : { page: 'compare', ids: decode(second).split(',') };
    case 'bake-off':
      return second === undefined ? { page: 'bakeOff' } : { page: 'bakeOffResult', group: decode(second) };
    case 'step': {
      const tab = oneOf(runTabs, second);
      return tab ? { page: 'noRun', tab } : unknown;
    }
    case 'settings':
      return { page: 'settings' };
    default:
      return unknown;
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The link to a place: the inverse of `parseRoute`. */
export function linkTo(route: Route): string {
  switch (route.page) {
    case 'home':
      return '#/';
    case 'datasets':
      return '#/data';
    case 'importDataset':
      return '#/data/import';
    case 'dataset':
      return `#/data/${encodeURIComponent(route.id)}`;
    case 'expand':
      return `#/data/${encodeURIComponent(route.id)}/expand`;
    case 'openLabelling':
      return `#/data/${encodeURIComponent(route.id)}/label`;
    case 'label':
      return `#/label/${encodeURIComponent(route.id)}`;
    case 'models':
      return '#/models';
    case 'importModel':
      return '#/models/import';
    case 'downloadModel':
      return '#/models/download';
    case 'setup':
      return `#/setup/${route.section}`;
    case 'runs':
      return '#/runs';
    case 'run':
      return `#/runs/${encodeURIComponent(route.id)}/${route.tab}`;
    case 'judgedRows': {
      const labels = [route.actual, route.predicted].filter((label) => label !== undefined);
      return ['#/runs', encodeURIComponent(route.runId), 'rows', ...labels.map(encodeURIComponent)].join('/');
    }
    case 'compare':
      return `#/compare/${encodeURIComponent(route.ids.join(','))}`;
    case 'bakeOff':
      return '#/bake-off';
    case 'bakeOffResult':
      return `#/bake-off/${encodeURIComponent(route.group)}`;
    case 'noRun':
      return `#/step/${route.tab}`;
    case 'settings':
      return '#/settings';
    case 'unknown':
      return `#${route.path}`;
    default:
      return route satisfies never;
  }
}

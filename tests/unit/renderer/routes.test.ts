import { describe, expect, test } from 'vitest';
import { type Route, linkTo, parseRoute } from '../../../src-renderer/app/routes.ts';
import {
  type Progress,
  stepIds,
  stepOfRoute,
  stepRoute,
  stepState,
} from '../../../src-renderer/app/steps.ts';

const routes: Route[] = [
  { page: 'home' },
  { page: 'datasets' },
  { page: 'importDataset' },
  { page: 'dataset', id: 'a/b c' },
  { page: 'expand', id: 'a/b c' },
  { page: 'models' },
  { page: 'importModel' },
  { page: 'downloadModel' },
  { page: 'setup', section: 'hyperparameters' },
  { page: 'runs' },
  { page: 'run', id: 'r 1', tab: 'use' },
  { page: 'compare', ids: ['a', 'b c'] },
  { page: 'bakeOff' },
  { page: 'bakeOffResult', group: 'MiniLM · a/b (2)' },
  { page: 'noRun', tab: 'validate' },
  { page: 'settings' },
];

describe('routes', () => {
  test.each(routes)('$page survives being written and read', (route) => {
    expect(parseRoute(linkTo(route))).toEqual(route);
  });

  test('what is unknown is said, not thrown', () => {
    expect(parseRoute('#/nowhere')).toEqual({ page: 'unknown', path: '/nowhere' });
    expect(parseRoute('#/runs/x/dance')).toEqual({ page: 'unknown', path: '/runs/x/dance' });
    expect(parseRoute('#/data/%E0%A4')).toEqual({ page: 'dataset', id: '%E0%A4' });
  });

  test('the access token never becomes a place', () => {
    expect(parseRoute('#token=abc')).toEqual({ page: 'home' });
  });
});

describe('steps', () => {
  const nothing: Progress = {
    datasetChosen: false,
    modelChosen: false,
    setupComplete: false,
    run: undefined,
  };
  const states = (progress: Progress) => stepIds.map((step) => stepState(step, progress));

  test('at first only data and model are open', () => {
    expect(states(nothing)).toEqual(['open', 'open', ...Array<string>(7).fill('waiting')]);
  });

  test('a finished run opens the rest', () => {
    const run = { id: 'r', started: true, ended: true, validated: true, tested: true, usable: true };
    expect(states({ ...nothing, run })).toEqual([
      'open', 'open', 'waiting', 'waiting', 'done', 'done', 'done', 'done', 'open',
    ]); // prettier-ignore
  });

  test('every step leads to a page that marks it', () => {
    for (const step of stepIds) {
      expect(stepOfRoute(stepRoute(step, undefined))).toBe(step);
      expect(stepOfRoute(stepRoute(step, 'r'))).toBe(step);
    }
  });
});

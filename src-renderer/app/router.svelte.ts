import { type Route, linkTo, parseRoute } from './routes.ts';

/** Where somebody is: the parts of the setup page and the tabs of a run are one place. */
function placeOf(route: Route): string {
  if (route.page === 'setup') return route.page;
  return linkTo(route.page === 'run' ? { ...route, tab: 'train' } : route);
}

class Router {
  route = $state.raw<Route>(parseRoute(location.hash));

  constructor() {
    addEventListener('hashchange', () => {
      this.route = parseRoute(location.hash);
    });
  }

  go(route: Route): void {
    location.hash = linkTo(route);
  }

  /** A way on from this page for when some work is done; nobody is taken along it who has gone elsewhere meanwhile. */
  onward(): (route: Route) => void {
    const from = placeOf(this.route);
    return (route) => {
      if (placeOf(this.route) === from) this.go(route);
    };
  }

  /** Changes the address without adding a step to the history. */
  replace(route: Route): void {
    history.replaceState(null, '', linkTo(route));
    this.route = route;
  }
}

export const router = new Router();

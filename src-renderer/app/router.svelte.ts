import { type Route, linkTo, parseRoute } from './routes.ts';

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

  /** Changes the address without adding a step to the history. */
  replace(route: Route): void {
    history.replaceState(null, '', linkTo(route));
    this.route = route;
  }
}

export const router = new Router();

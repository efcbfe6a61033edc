import { type Problem, describeProblem } from '../../contract/errors/index.ts';

/** What the guard needs to know of a request; header names in lower case. */
export interface RequestFacts {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly upgrade: boolean;
}

export interface Refusal {
  readonly status: number;
  readonly problem: Problem;
  readonly allow?: string;
}

/** Which methods each path knows; everything else reads files. */
function allowedMethods(path: string): readonly string[] {
  return path === '/session' ? ['GET', 'POST'] : ['GET', 'HEAD'];
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(', ') : value;
}

/**
 * Decides whether a request may be looked at at all, before any of it is acted on: the host it names (against DNS
 * rebinding), the site it comes from (against other pages in the same browser), its method. Deny by default.
 * @param hosts host names with port under which this server may be addressed, in lower case
 */
export function refuseRequest(request: RequestFacts, hosts: ReadonlySet<string>): Refusal | undefined {
  const host = single(request.headers.host)?.toLowerCase();
  if (host === undefined || !hosts.has(host)) {
    return { status: 421, problem: describeProblem('host.unknownName', { host: host ?? '' }) };
  }

  const origin = single(request.headers.origin)?.toLowerCase();
  const reading = (request.method === 'GET' || request.method === 'HEAD') && !request.upgrade;
  const foreign = (from: string): Refusal => ({
    status: 403,
    problem: describeProblem('host.foreignOrigin', { origin: from }),
  });
  if (origin !== undefined && origin !== `http://${host}`) return foreign(origin);
  // Browsers always name the origin of writes and sockets; what does not is no browser page of ours.
  if (origin === undefined && !reading) return foreign('–');

  const site = single(request.headers['sec-fetch-site']);
  if (site !== undefined && site !== 'same-origin' && site !== 'none') {
    // Following a link to the page itself is harmless: it carries no cookie and may not be framed.
    const followsLink =
      reading &&
      request.path === '/' &&
      single(request.headers['sec-fetch-mode']) === 'navigate' &&
      single(request.headers['sec-fetch-dest']) === 'document';
    if (!followsLink) return foreign(site);
  }

  const allowed = request.upgrade ? ['GET'] : allowedMethods(request.path);
  if (!allowed.includes(request.method)) {
    const allow = allowed.join(', ');
    const params = { method: request.method, path: request.path, allowed: allow };
    return { status: 405, problem: describeProblem('host.methodNotAllowed', params), allow };
  }
  return undefined;
}

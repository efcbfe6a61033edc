import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};

export interface StaticFile {
  readonly file: string;
  readonly sizeBytes: number;
  readonly contentType: string;
  /** Built assets carry a hash of their content in their name and never change. */
  readonly unchanging: boolean;
}

/**
 * Finds the file a request path names inside `root`. The path is decoded exactly once; what decodes to a backslash, a
 * NUL, a drive or a still-encoded separator is refused, and the real path (links followed) must lie inside the root.
 * @returns undefined when there is no such file
 */
export async function findStaticFile(root: string, requestPath: string): Promise<StaticFile | undefined> {
  if (requestPath.length > 1024) return undefined;
  let decoded: string;
  try {
    decoded = decodeURIComponent(requestPath);
  } catch {
    return undefined;
  }
  if (!decoded.startsWith('/') || /[\\\0:%]/.test(decoded)) return undefined;
  if (decoded.split('/').some((part) => part.startsWith('.'))) return undefined;
  const name = decoded.endsWith('/') ? `${decoded}index.html` : decoded;

  const contentType = contentTypes[path.extname(name).toLowerCase()];
  if (contentType === undefined) return undefined;
  try {
    const realRoot = await realpath(root);
    const file = await realpath(path.join(realRoot, name));
    if (!file.startsWith(realRoot + path.sep)) return undefined;
    const facts = await stat(file);
    if (!facts.isFile()) return undefined;
    return { file, sizeBytes: facts.size, contentType, unchanging: name.startsWith('/assets/') };
  } catch {
    return undefined;
  }
}

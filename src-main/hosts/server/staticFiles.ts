import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { staticFileName } from './staticName.ts';

export interface StaticFile {
  readonly file: string;
  readonly sizeBytes: number;
  readonly contentType: string;
  /** Built assets carry a hash of their content in their name and never change. */
  readonly unchanging: boolean;
}

/**
 * Finds the file a request path names inside `root`; its real path (links followed) must lie inside it too.
 * @returns undefined when there is no such file
 */
export async function findStaticFile(root: string, requestPath: string): Promise<StaticFile | undefined> {
  const name = staticFileName(requestPath);
  if (name === undefined) return undefined;
  try {
    const realRoot = await realpath(root);
    const file = await realpath(path.join(realRoot, name.path));
    if (!file.startsWith(realRoot + path.sep)) return undefined;
    const facts = await stat(file);
    if (!facts.isFile()) return undefined;
    const unchanging = name.path.startsWith('assets/');
    return { file, sizeBytes: facts.size, contentType: name.contentType, unchanging };
  } catch {
    return undefined;
  }
}

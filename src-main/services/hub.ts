import { z } from 'zod';
import { TunebenchError } from '../contract/errors/index.ts';
import { fetchHubJson } from '../platform/index.ts';

/** The part of the Hub's answers that is read; see https://huggingface.co/docs/hub/api. */
const infoSchema = z.object({
  sha: z.string().regex(/^[0-9a-f]{40}$/),
  cardData: z.object({ license: z.union([z.string(), z.array(z.string())]).optional() }).nullish(),
});
const treeSchema = z.array(
  z.object({
    type: z.string(),
    path: z.string(),
    size: z.number().int().nonnegative().default(0),
    lfs: z.object({ oid: z.string().regex(/^[0-9a-f]{64}$/), size: z.number().int() }).optional(),
  }),
);

/** A repository's address on the Hub, checked before any of it goes into a path. */
function checkHubId(hubId: string, revision: string): void {
  const part = /^[A-Za-z0-9][\w.-]{0,95}$/;
  const parts = hubId.split('/');
  if (parts.length > 2 || !parts.every((name) => part.test(name)) || hubId.includes('..')) {
    throw new TunebenchError('model.badHubId', { hubId });
  }
  if (!/^[\w./-]{1,120}$/.test(revision) || revision.includes('..')) {
    throw new TunebenchError('model.badHubId', { hubId: `${hubId}@${revision}` });
  }
}

export interface HubRepository {
  /** The commit that the revision names now. */
  readonly revision: string;
  readonly license: string | null;
  /** `sha256` is null for small files, of which the Hub says none. */
  readonly files: readonly {
    readonly path: string;
    readonly sizeBytes: number;
    readonly sha256: string | null;
  }[];
}

/**
 * Asks the Hub what a repository holds, at one fixed commit: a model's own folder, or all folders of a dataset.
 * @throws TunebenchError `model.badHubId`, or where the Hub refuses
 */
export async function readHubRepository(
  kind: 'models' | 'datasets',
  hubId: string,
  revision: string,
  signal?: AbortSignal,
): Promise<HubRepository> {
  checkHubId(hubId, revision);
  const options = signal === undefined ? {} : { signal };
  const address = `/api/${kind}/${hubId}`;
  const info = infoSchema.parse(
    await fetchHubJson(`${address}/revision/${encodeURIComponent(revision)}`, options),
  );
  const depth = kind === 'datasets' ? '?recursive=true' : '';
  const tree = treeSchema.parse(await fetchHubJson(`${address}/tree/${info.sha}${depth}`, options));
  const license = info.cardData?.license;
  return {
    revision: info.sha,
    license: Array.isArray(license) ? license.join(', ') : (license ?? null),
    files: tree
      .filter(({ type }) => type === 'file')
      .map(({ path, size, lfs }) => ({ path, sizeBytes: lfs?.size ?? size, sha256: lfs?.oid ?? null })),
  };
}

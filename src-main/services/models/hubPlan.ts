import { z } from 'zod';
import { TunebenchError } from '../../contract/errors/index.ts';
import type { DownloadPlan } from '../../contract/models.ts';
import { fetchHubJson } from '../../platform/index.ts';

/** The part of the Hub's answers that is read; see https://huggingface.co/docs/hub/api. */
const modelInfoSchema = z.object({
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

/** What a model in Hugging Face layout consists of; everything else in a repository stays there. */
const wantedFile =
  /^(config|generation_config|tokenizer|tokenizer_config|special_tokens_map|added_tokens|vocab|model\.safetensors\.index)\.json$|^(vocab|merges)\.txt$|^chat_template\.jinja$|^(LICENSE|README)(\.md|\.txt)?$/;
const weightsFile = /^[\w.-]+\.safetensors$/;
const pickleFile = /\.(bin|pt|pth|ckpt|pkl)$/;

/** Weights under the name the index or the loader looks for, when a repository offers several copies. */
function chooseWeights(paths: readonly string[]): string[] {
  const weights = paths.filter((path) => weightsFile.test(path));
  const standard = weights.filter((path) => /^model(-\d+-of-\d+)?\.safetensors$/.test(path));
  const shards = standard.filter((path) => path !== 'model.safetensors');
  if (paths.includes('model.safetensors.index.json') && shards.length > 0) return shards;
  if (standard.includes('model.safetensors')) return ['model.safetensors'];
  return standard.length > 0 ? standard : weights;
}

/** A model's address on the Hub, checked before any of it goes into a path. */
export function checkHubId(hubId: string, revision: string): void {
  const part = /^[A-Za-z0-9][\w.-]{0,95}$/;
  const parts = hubId.split('/');
  if (parts.length > 2 || !parts.every((name) => part.test(name)) || hubId.includes('..')) {
    throw new TunebenchError('model.badHubId', { hubId });
  }
  if (!/^[\w./-]{1,120}$/.test(revision) || revision.includes('..')) {
    throw new TunebenchError('model.badHubId', { hubId: `${hubId}@${revision}` });
  }
}

/**
 * Asks the Hub what downloading a model would bring: licence, files, sizes and hashes, at one fixed commit.
 * @throws TunebenchError where it is no model that can be trained, or the Hub refuses
 */
export async function planHubDownload(
  hubId: string,
  revision: string,
  signal?: AbortSignal,
): Promise<DownloadPlan> {
  checkHubId(hubId, revision);
  const options = signal === undefined ? {} : { signal };
  const at = encodeURIComponent(revision);
  const info = modelInfoSchema.parse(await fetchHubJson(`/api/models/${hubId}/revision/${at}`, options));
  const tree = treeSchema.parse(await fetchHubJson(`/api/models/${hubId}/tree/${info.sha}`, options));
  const entries = tree.filter((entry) => entry.type === 'file');
  const paths = entries.map((entry) => entry.path);

  const weights = new Set(chooseWeights(paths));
  if (!paths.includes('config.json')) {
    throw new TunebenchError('model.hubNotAModel', { hubId, missing: 'config.json' });
  }
  if (weights.size === 0) {
    const pickles = paths.filter((path) => pickleFile.test(path));
    if (pickles.length > 0)
      throw new TunebenchError('model.hubPickleOnly', { hubId, files: pickles.join(', ') });
    throw new TunebenchError('model.hubNotAModel', { hubId, missing: 'model.safetensors' });
  }

  const files = entries
    .filter((entry) => weights.has(entry.path) || wantedFile.test(entry.path))
    .map((entry) => ({
      path: entry.path,
      sizeBytes: entry.lfs?.size ?? entry.size,
      sha256: entry.lfs?.oid ?? null,
    }));
  const license = info.cardData?.license;
  return {
    hubId,
    revision: info.sha,
    license: Array.isArray(license) ? license.join(', ') : (license ?? null),
    totalBytes: files.reduce((sum, file) => sum + file.sizeBytes, 0),
    files,
  };
}

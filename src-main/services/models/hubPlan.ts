import { TunebenchError } from '../../contract/errors/index.ts';
import type { DownloadPlan } from '../../contract/models.ts';
import { readHubRepository } from '../hub.ts';

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

/**
 * Asks the Hub what downloading a model would bring: licence, files, sizes and hashes, at one fixed commit.
 * @throws TunebenchError where it is no model that can be trained, or the Hub refuses
 */
export async function planHubDownload(
  hubId: string,
  revision: string,
  signal?: AbortSignal,
): Promise<DownloadPlan> {
  const repository = await readHubRepository('models', hubId, revision, signal);
  const paths = repository.files.map(({ path }) => path);
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

  const files = repository.files.filter(({ path }) => weights.has(path) || wantedFile.test(path));
  return {
    hubId,
    revision: repository.revision,
    license: repository.license,
    totalBytes: files.reduce((sum, file) => sum + file.sizeBytes, 0),
    files,
  };
}

import { filesBelow, hashFile } from '../../platform/index.ts';
import type { ServiceContext } from '../context.ts';
import { hashText } from '../identity.ts';

/** Files of a model folder that decide what the model computes. */
const decidingFile = /^[^/]+\.(json|safetensors|txt|model|jinja)$/;

/**
 * SHA-256 over the names and contents of a model folder's weights, configuration and tokenizer. A run names it, and
 * goes on only with the same model.
 */
export async function hashModelFolder(context: ServiceContext, folder: string): Promise<string> {
  const names = filesBelow(folder)
    .map((file) => file.name)
    .filter((name) => decidingFile.test(name))
    .sort();
  const lines: string[] = [];
  for (const name of names) lines.push(`${name} ${await hashFile(context.files.join(folder, name))}`);
  return hashText(lines.join('\n'));
}

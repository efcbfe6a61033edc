import { type Problem, describeProblem } from '../../contract/errors/index.ts';
import { isFloatType } from '../formats/elementTypes.ts';
import type { TensorEntry } from '../formats/safetensors.ts';
import type { Architecture } from './architecture.ts';
import { type ModelLayout, isInside } from './layout.ts';

type NamingRules = Pick<Architecture, 'prefix' | 'storedNames'>;

/**
 * Spellings under which checkpoints keep one weight: an older name, with or without the body's name, and TensorFlow's
 * names of norms.
 */
function spellings(name: string, { prefix, storedNames = {} }: NamingRules): string[] {
  const names = name.startsWith(prefix) ? [name, name.slice(prefix.length)] : [name, `${prefix}${name}`];
  return [storedNames[name] ?? name, ...names].flatMap((spelling) => [
    spelling,
    spelling.replace(/LayerNorm\.weight$/, 'LayerNorm.gamma').replace(/LayerNorm\.bias$/, 'LayerNorm.beta'),
  ]);
}

/** Which tensors of a checkpoint fill which weights of a model. */
export interface CheckpointMatch {
  readonly found: ReadonlyMap<string, TensorEntry>;
  /** Weights the checkpoint lacks and that are started anew. */
  readonly fresh: ReadonlySet<string>;
  /** Modules of the task head, including what the checkpoint lacks of the optional ones. */
  readonly headModules: readonly string[];
  readonly problems: readonly Problem[];
}

/**
 * Finds every weight of a layout among a checkpoint's tensors; a table that may be shared and is not there leaves the
 * layout. Tensors that nothing asks for (other heads, stored
 * position ids) are left alone.
 * @param reuseHead whether the checkpoint's own head may be used; where its shape differs it is started anew either way
 */
export function matchCheckpoint(
  layout: ModelLayout,
  entries: ReadonlyMap<string, TensorEntry>,
  where: { readonly architecture: NamingRules; readonly folder: string; readonly reuseHead: boolean },
): CheckpointMatch {
  const { architecture, folder, reuseHead } = where;
  const problems: Problem[] = [];
  const found = new Map<string, TensorEntry>();
  for (const [name, { shape, whenMissing }] of layout.weights) {
    const isHead = isInside(name, layout.headModules);
    if (isHead && !reuseHead) continue;
    const spelling = spellings(name, architecture).find((candidate) => entries.has(candidate));
    const entry = spelling === undefined ? undefined : entries.get(spelling);
    if (entry === undefined) {
      if (whenMissing === 'share') layout.shareVocabulary();
      if (whenMissing !== 'fail') continue;
      const params = { folder, tensor: name, shape: shape.join(', ') };
      problems.push(describeProblem('modelFolder.missingTensor', params));
    } else if (entry.shape.join() !== shape.join()) {
      if (isHead) continue;
      const params = {
        folder,
        tensor: entry.name,
        found: entry.shape.join(', '),
        expected: shape.join(', '),
      };
      problems.push(describeProblem('modelFolder.wrongShape', params));
    } else if (!isFloatType(entry.type)) {
      const params = { folder, tensor: entry.name, type: entry.type };
      problems.push(describeProblem('modelFolder.notFloat', params));
    } else {
      found.set(name, entry);
    }
  }
  const missing = [...layout.weights.keys()].filter((name) => !found.has(name));
  // A head is one piece: where part of it must be started anew, all of it is.
  const started = missing.some((name) => isInside(name, layout.headModules))
    ? [...layout.weights.keys()].filter((name) => isInside(name, layout.headModules))
    : [];
  for (const name of started) found.delete(name);
  const fresh = new Set([...missing, ...started]);
  const lackingModules = layout.optionalModules.filter((module) =>
    missing.some((name) => isInside(name, [module])),
  );
  return { found, fresh, headModules: [...lackingModules, ...layout.headModules], problems };
}

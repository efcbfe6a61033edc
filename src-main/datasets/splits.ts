import type { Split } from '../contract/datasets.ts';

const namesOfSplits: Readonly<Record<string, Split>> = {
  train: 'train',
  training: 'train',
  학습: 'train',
  훈련: 'train',
  validation: 'validation',
  valid: 'validation',
  val: 'validation',
  dev: 'validation',
  development: 'validation',
  eval: 'validation',
  검증: 'validation',
  test: 'test',
  testing: 'test',
  평가: 'test',
  테스트: 'test',
};

/** The split a file's own word means, in English or Korean. */
export function readSplitName(text: string): Split | undefined {
  const name = text.trim().normalize('NFC').toLowerCase();
  return Object.hasOwn(namesOfSplits, name) ? namesOfSplits[name] : undefined;
}

/** Murmur3's finaliser: every input bit reaches every output bit. */
function mix(value: number): number {
  let bits = value | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}

/** A number in [0, 1) that depends on seed, stream and counter alone, so that draws can be made in any order. */
export function drawUniform(seed: number, stream: number, counter: number): number {
  let bits = mix(seed + 0x9e3779b9);
  bits = mix(bits ^ Math.imul(stream, 0x27d4eb2f) ^ 0x165667b1);
  bits = mix(bits ^ Math.imul(counter, 0x9e3779b1));
  return (mix(bits + counter) >>> 0) / 2 ** 32;
}

/** FNV-1a over UTF-16 units. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash;
}

export interface SplitShares {
  readonly validation: number;
  readonly test: number;
}
interface Quota {
  readonly rows: number;
  validation: number;
  test: number;
}

/**
 * Deals a total over strata in proportion to their sizes: whole parts first, then one more for the largest remainders.
 * No stratum gives all its rows away.
 */
function dealOut(
  quotas: readonly (readonly [string, Quota])[],
  share: number,
  part: 'validation' | 'test',
): void {
  const total = quotas.reduce((sum, [, quota]) => sum + quota.rows, 0);
  const room = (quota: Quota) => quota.rows - quota.validation - quota.test - 1;
  let left = Math.round(total * share);
  const remainders = quotas.map(([label, quota]) => {
    const exact = quota.rows * share;
    const whole = Math.max(0, Math.min(Math.floor(exact), room(quota)));
    quota[part] = whole;
    left -= whole;
    return { label, quota, remainder: exact - whole };
  });
  remainders.sort((one, other) => other.remainder - one.remainder || (one.label < other.label ? -1 : 1));
  for (const { quota } of remainders) {
    if (left <= 0) break;
    if (room(quota) <= 0) continue;
    quota[part]++;
    left--;
  }
}

export interface Splitter {
  /** The split of the next row with this label. */
  decide(label: string): Split;
  /** How many rows each split will have got in the end. */
  readonly dealt: Readonly<Record<Split, number>>;
}

/**
 * Decides splits row by row so that each label has its share in every split, exactly, knowing only how many rows each
 * label has. The same rows in the same order with the same seed always get the same splits.
 */
export function createSplitter(
  rowsByLabel: ReadonlyMap<string, number>,
  shares: SplitShares,
  seed: number,
): Splitter {
  const quotas = [...rowsByLabel]
    .map(([label, rows]): [string, Quota] => [label, { rows, validation: 0, test: 0 }])
    .sort(([one], [other]) => (one < other ? -1 : 1));
  dealOut(quotas, shares.validation, 'validation');
  dealOut(quotas, shares.test, 'test');
  const states = new Map(
    quotas.map(([label, quota]) => [label, { ...quota, seen: 0, stream: hashText(label) }]),
  );
  const dealt = { train: 0, validation: 0, test: 0 };
  for (const [, { rows, validation, test }] of quotas) {
    dealt.validation += validation;
    dealt.test += test;
    dealt.train += rows - validation - test;
  }
  function decide(label: string): Split {
    const state = states.get(label);
    if (state === undefined || state.seen >= state.rows) return 'train';
    // Selection sampling: of the rows still to come, each is equally likely to be one of those still wanted.
    // Knuth, The Art of Computer Programming, volume 2, section 3.4.2, algorithm S.
    const drawn = drawUniform(seed, state.stream, state.seen) * (state.rows - state.seen);
    state.seen++;
    if (drawn < state.validation) {
      state.validation--;
      return 'validation';
    }
    if (drawn < state.validation + state.test) {
      state.test--;
      return 'test';
    }
    return 'train';
  }
  return { decide, dealt };
}

import type { BakeOffEntry, MethodTable } from '../../../src-main/contract/bakeOff.ts';
import type { Problem } from '../../../src-main/contract/errors/index.ts';
import type { MethodSpec } from '../../../src-main/contract/methods.ts';

/** A method in the comparison table of the literature, with one model's own numbers. */
export interface MethodFacts {
  readonly method: MethodSpec;
  readonly trained: number | null;
  readonly total: number | null;
  readonly problems: readonly Problem[];
}

/**
 * What a check of a comparison found, in the order of the catalogue.
 * @param toldElsewhere problems that are no method's own
 */
export function factsOfEntries(
  methods: readonly MethodSpec[],
  entries: readonly BakeOffEntry[],
  toldElsewhere: readonly Problem[] = [],
): MethodFacts[] {
  const told = new Set(toldElsewhere.map(({ code }) => code));
  return methods.map((method) => {
    const forecast = entries.find(({ methodId }) => methodId === method.id)?.forecast;
    return {
      method,
      trained: forecast?.trainableParameters ?? null,
      total: forecast?.totalParameters ?? null,
      problems: (forecast?.problems ?? []).filter(({ code }) => !told.has(code)),
    };
  });
}

/** Problems that every method has, and that are those of one setting. */
export function sharedProblemsAt(entries: readonly BakeOffEntry[], path: string): Problem[] {
  const [first = [], ...others] = entries.map(({ forecast }) =>
    forecast.problems.filter((problem) => problem.path === path),
  );
  return first.filter(({ code }) =>
    others.every((problems) => problems.some((problem) => problem.code === code)),
  );
}

/** What a table of a model says, in the order of the catalogue. */
export function factsOfTable(methods: readonly MethodSpec[], table: MethodTable): MethodFacts[] {
  return methods.map((method) => {
    const row = table.rows.find(({ methodId }) => methodId === method.id);
    const own = row?.ownParameters ?? null;
    const added = row?.addedParameters ?? null;
    return {
      method,
      trained: own === null || added === null ? null : own + added,
      total: added === null ? null : table.totalParameters + added,
      problems: row?.problems ?? [],
    };
  });
}

/** Whole numbers separated by commas or spaces, each once; undefined where something else stands there. */
export function parseSeeds(text: string): number[] | undefined {
  const parts = text.split(/[\s,]+/).filter((part) => part !== '');
  const seeds = [...new Set(parts.map(Number))];
  const isSeed = (seed: number) => Number.isInteger(seed) && seed >= 0 && seed <= 2_147_483_647;
  return seeds.length > 0 && seeds.length <= 20 && seeds.every(isSeed) ? seeds : undefined;
}

/** A number above zero; undefined for everything else. */
export function parsePositive(text: string): number | undefined {
  const value = Number(text);
  return text.trim() !== '' && Number.isFinite(value) && value > 0 ? value : undefined;
}

import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { listMethods } from '../../../../src-main/engine/methods/registry.ts';

const folder = new URL('../../../../docs/methods/', import.meta.url);

describe.each(listMethods().map(({ spec }) => spec))('$id', ({ id, options }) => {
  it('has a page that the index leads to', () => {
    expect(existsSync(new URL(`${id}.md`, folder))).toBe(true);
    expect(readFileSync(new URL('README.md', folder), 'utf8')).toContain(`(${id}.md)`);
  });

  it('lists exactly its options, with their defaults', () => {
    const page = readFileSync(new URL(`${id}.md`, folder), 'utf8');
    const rows = [...page.matchAll(/^\| +`(\w+)` +\| +`([^`]*)` +\|/gm)].map(([, name, value]) => [
      name,
      value,
    ]);
    const expected = Object.entries(options).map(([name, spec]) => [name, JSON.stringify(spec.default)]);
    expect(rows).toEqual(expected);
  });
});

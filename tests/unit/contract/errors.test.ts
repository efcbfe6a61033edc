import { readFileSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { errorCatalogue } from '../../../src-main/contract/errors/index.ts';

test('every error sentence is raised somewhere', () => {
  const sources = ['src-main', 'src-renderer'].flatMap((folder) => {
    const root = new URL(`../../../${folder}/`, import.meta.url);
    return readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.(svelte|ts)$/.test(path))
      .map((path) => readFileSync(new URL(path, root), 'utf8'));
  });
  // As a key of the catalogue it is only said, not raised.
  const named = new Set(sources.flatMap((source) => source.match(/'\w+\.\w+'(?!:)/g) ?? []));
  expect(Object.keys(errorCatalogue).filter((code) => !named.has(`'${code}'`))).toEqual([]);
});

import { readFileSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { errorCatalogue } from '../../../src-main/contract/errors/index.ts';

test('every error sentence is raised somewhere', () => {
  const sources = ['src-main', 'src-renderer'].map((folder) => {
    const root = new URL(`../../../${folder}/`, import.meta.url);
    return readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.(svelte|ts)$/.test(path) && !path.startsWith('contract/errors/'))
      .map((path) => readFileSync(new URL(path, root), 'utf8'))
      .join('\n');
  });
  const unused = Object.keys(errorCatalogue).filter(
    (code) => !sources.some((source) => source.includes(`'${code}'`)),
  );
  expect(unused).toEqual([]);
});

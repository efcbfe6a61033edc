import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { listObjectives } from '../../../../src-main/engine/objectives/registry.ts';
import { projectRoot } from '../testBackend.ts';

it('docs/objectives.md lists every task with its columns and what decides', () => {
  const rows = readFileSync(join(projectRoot, 'docs/objectives.md'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('|') && line.includes('`'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.replaceAll('`', '').trim()),
    );
  const [, ...found] = rows;
  expect(found).toEqual(
    listObjectives().map(({ spec: { name, id, needs, decidingMetric } }) => [
      name.en,
      id,
      needs.map((set) => set.join(' + ')).join(', or '),
      decidingMetric.name,
    ]),
  );
});

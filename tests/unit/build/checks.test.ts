import { describe, expect, it } from 'vitest';
import { findLockfileProblems, findStrayAddresses } from '../../../build/checks/hygiene.mjs';
import { findLayerProblems, findNameProblems, importsOf } from '../../../build/checks/layers.mjs';
import { findLicenceProblems, isPermissive } from '../../../build/checks/licences.mjs';
import { runParts } from '../../../build/checks/runParts.mjs';
import { addTotals, countTests, noTotals, totalsLine } from '../../../build/checks/totals.mjs';

const problemsOf = (path: string, source: string) => findLayerProblems([{ path, source }]);

describe('findLayerProblems', () => {
  it.each([
    ['src-main/engine/ops/gelu.ts', `import { Op } from '../../contract/models.ts';`],
    ['src-main/services/runs/start.ts', `import { store } from '../../store/index.ts';`],
    ['src-main/rpc/router.ts', `import { runs } from '../services/runs/start.ts';`],
    ['src-main/hosts/server/main.ts', `import { createServer } from 'node:http';`],
    ['src-main/hosts/electron/main.ts', `import { app } from 'electron';`],
    ['src-main/store/database.ts', `import Database from 'better-sqlite3';`],
    ['src-main/platform/fileSystem.ts', `import { open } from 'node:fs/promises';`],
    ['src-main/engine/backend/portable.ts', `import * as tf from '@tensorflow/tfjs-core';`],
    ['src-main/engine/methods/lora/attach.ts', `import type { Model } from '../../models/model.ts';`],
    ['src-main/datasets/versionHash.ts', `import { createHash } from 'node:crypto';`],
    ['src-renderer/rpc/client.ts', `import type { Contract } from '../../src-main/contract/contract.ts';`],
    ['tests/unit/anything.test.ts', `import { run } from '../../src-main/hosts/server/main.ts';`],
  ])('lets %s do %s', (path, source) => {
    expect(problemsOf(path, source)).toEqual([]);
  });

  it.each([
    ['src-main/contract/runs.ts', `import { store } from '../store/index.ts';`],
    ['src-main/contract/runs.ts', `import { parse } from 'csv-parse';`],
    ['src-main/engine/ops/gelu.ts', `import { rows } from '../../datasets/index.ts';`],
    ['src-main/engine/files.ts', `import { readFile } from 'node:fs/promises';`],
    ['src-main/engine/files.ts', `import { readFile } from 'fs';`],
    ['src-main/engine/files.ts', `import { createHash } from 'node:crypto';`],
    ['src-main/datasets/rows.ts', `import { open } from 'node:fs/promises';`],
    ['src-main/engine/ops/gelu.ts', `import * as tf from '@tensorflow/tfjs-core';`],
    ['src-main/engine/models/gpt2.ts', `import { lora } from '../methods/lora/attach.ts';`],
    ['src-main/engine/methods/lora/attach.ts', `import { gpt2 } from '../../models/gpt2.ts';`],
    ['src-main/services/runs/start.ts', `const { join } = await import('node:path');`],
    ['src-main/services/runs/start.ts', `export * from '../../rpc/router.ts';`],
    ['src-main/services/runs/start.ts', `import Database from 'better-sqlite3';`],
    ['src-main/tuning/tpe.ts', `import type { Row } from '../store/types.ts';`],
    ['src-main/hosts/server/main.ts', `import { app } from 'electron';`],
    ['src-main/platform/paths.ts', `import { setUp } from '../../build/setup.mjs';`],
    ['src-renderer/features/runs/RunPage.svelte', `<script>import { join } from 'node:path';</script>`],
    [
      'src-renderer/features/runs/RunPage.svelte',
      `<p>text</p><script lang="ts">import { x } from '../../../src-main/engine/x.ts';</script>`,
    ],
    ['src-main/elsewhere/file.ts', `export {};`],
  ])('stops %s from %s', (path, source) => {
    expect(problemsOf(path, source)).toHaveLength(1);
  });

  it('is not fooled by comments and strings', () => {
    const source = `// import { app } from 'electron';\nconst text = "import x from 'electron'";`;
    expect(importsOf({ path: 'src-main/engine/x.ts', source })).toEqual([]);
  });
});

describe('findNameProblems', () => {
  it('wants camelCase files and PascalCase components', () => {
    const good = [
      'src/runPage.ts',
      'src/RunPage.svelte',
      'src/state.svelte.ts',
      'a.test.ts',
      'electron.vite.config.ts',
    ];
    expect(findNameProblems([...good, 'docs/READ-me.md'])).toEqual([]);
    const bad = ['src/run-page.ts', 'src/RunPage.ts', 'src/runPage.svelte', 'build/run_it.mjs'];
    expect(findNameProblems(bad)).toHaveLength(bad.length);
  });
});

describe('findStrayAddresses', () => {
  const at = (source: string) => findStrayAddresses([{ path: 'README.md', source }], '/checkout/tunebench');

  it('finds package registries and folders of one machine, with their line', () => {
    expect(at(`fine\nhttps://registry.${'npmjs'}.org/zod`)).toEqual([expect.stringContaining('README.md:2')]);
    expect(at(`see /home/${'kim'}/project/file`)).toHaveLength(1);
    expect(at('cd /checkout/tunebench/build')).toHaveLength(1);
  });

  it('leaves examples alone', () => {
    expect(at('cd /home/user/tunebench')).toEqual([]);
    expect(at('https://huggingface.co/models')).toEqual([]);
  });
});

describe('findLockfileProblems', () => {
  it('wants hashes and no addresses', () => {
    const packages = {
      '': {},
      'node_modules/a': { version: '1.0.0', integrity: 'sha512-x' },
      'node_modules/b': { version: '1.0.0', integrity: 'sha512-x', resolved: 'https://host/b.tgz' },
      'node_modules/c': { version: '1.0.0' },
      'node_modules/a/node_modules/d': { version: '1.0.0', inBundle: true },
    };
    expect(findLockfileProblems({ packages })).toEqual([
      expect.stringContaining('node_modules/b'),
      expect.stringContaining('node_modules/c'),
    ]);
  });
});

describe('licences', () => {
  it('reads SPDX expressions', () => {
    expect(isPermissive('MIT')).toBe(true);
    expect(isPermissive('(MIT OR GPL-3.0-only)')).toBe(true);
    expect(isPermissive('(BSD-2-Clause AND MIT)')).toBe(true);
    expect(isPermissive('MIT AND GPL-3.0-only')).toBe(false);
    expect(isPermissive('AGPL-3.0')).toBe(false);
  });

  it('looks at what ships only, and into the package where the lockfile is silent', () => {
    const packages = {
      'node_modules/tool': { license: 'GPL-3.0-only', dev: true },
      'node_modules/silent': { version: '1.0.0' },
      'node_modules/copyleft': { version: '2.0.0', license: 'GPL-3.0-only' },
    };
    const problems = findLicenceProblems({ packages }, (path) =>
      path === 'node_modules/silent' ? 'ISC' : null,
    );
    expect(problems).toEqual([expect.stringContaining('node_modules/copyleft@2.0.0')]);
  });
});

describe('runParts', () => {
  it('runs every part and shows all problems, also of a part that breaks', async () => {
    const lines: string[] = [];
    const parts = [
      { name: 'good', findProblems: async () => '' },
      { name: 'bad', findProblems: async () => 'a.ts: wrong' },
      { name: 'broken', findProblems: () => Promise.reject(new Error('no such tool')) },
    ];
    const results = await runParts(parts, (line) => lines.push(line), 2);
    expect(results.filter((result) => result.problems).map(({ name }) => name)).toEqual(['bad', 'broken']);
    expect(lines.join('\n')).toContain('a.ts: wrong');
    expect(lines.join('\n')).toContain('no such tool');
    expect(lines.filter((line) => line.startsWith('ok'))).toHaveLength(1);
  });
});

describe('countTests', () => {
  const report = {
    numPassedTests: 5,
    numFailedTests: 0,
    numPendingTests: 1,
    numTodoTests: 0,
    testResults: [],
  };

  it('counts what vitest reports', () => {
    expect(countTests(report, 0)).toEqual({ passed: 5, failed: 0, skipped: 1 });
    expect(countTests({ ...report, numFailedTests: 2 }, 1).failed).toBe(2);
  });

  it('counts a file that could not be loaded', () => {
    const broken = { ...report, testResults: [{ status: 'failed', assertionResults: [] }] };
    expect(countTests(broken, 1).failed).toBe(1);
  });

  it('never takes a crash for success', () => {
    expect(countTests(null, 0).failed).toBe(1);
    expect(countTests(report, 1).failed).toBe(1);
  });

  it('prints the one line', () => {
    const totals = addTotals(
      addTotals(noTotals, { passed: 9, failed: 0, skipped: 0 }),
      countTests(report, 0),
    );
    expect(totalsLine(totals)).toBe('14 passed, 0 failed');
  });
});

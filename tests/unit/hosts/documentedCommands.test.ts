import { readFileSync, readdirSync } from 'node:fs';
import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { createProgram } from '../../../src-main/hosts/cli/program.ts';

const root = new URL('../../../', import.meta.url);
const pages = ['README.md', 'README.ko.md', 'CONTRIBUTING.md']
  .concat(readdirSync(new URL('docs/', root)).map((name) => `docs/${name}`))
  .concat(readdirSync(new URL('docs/methods/', root)).map((name) => `docs/methods/${name}`))
  .filter((page) => page.endsWith('.md'));

/** The words behind `tunebench` in blocks of commands and between backticks, a `\` at an end joining lines. */
function commandsIn(page: string): string[][] {
  const text = readFileSync(new URL(page, root), 'utf8').replaceAll(/\\\n\s*/g, '');
  const found = text.matchAll(/(?:^|`)(?:npm run tunebench -- |tunebench )([^`\n·#]+)/gm);
  return Array.from(found, ([, words = '']) => words.trim().split(/\s+/));
}

/** What of a command the program does not know. */
function unknownIn(words: readonly string[], program: Command): string[] {
  let command = program;
  const known = new Set(['--help', '--version']);
  const learn = () => {
    for (const { long } of command.options) if (long) known.add(long);
  };
  learn();
  for (const word of words) {
    const next = command.commands.find((each) => each.name() === word.split('|')[0]);
    if (next === undefined) break;
    command = next;
    learn();
  }
  const isWhole = command.commands.length === 0 || words.includes('--help');
  const flags = words.map((word) => /^\[?(--[\w-]+)/.exec(word)?.[1] ?? '').filter(Boolean);
  return [...(isWhole ? [] : ['its verb']), ...flags.filter((flag) => !known.has(flag))];
}

test.each(pages)('%s names commands and flags that exist', (page) => {
  const program = createProgram();
  const unknown = commandsIn(page).flatMap((words) =>
    unknownIn(words, program).map((fault) => `${words.join(' ')}: ${fault}`),
  );
  expect(unknown).toEqual([]);
});

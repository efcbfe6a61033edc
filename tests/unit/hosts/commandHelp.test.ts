import type { Command } from 'commander';
import { afterEach, expect, test } from 'vitest';
import { createProgram } from '../../../src-main/hosts/cli/program.ts';

const { LC_ALL, LANG } = process.env;
afterEach(() => {
  if (LC_ALL === undefined) delete process.env['LC_ALL'];
  else process.env['LC_ALL'] = LC_ALL;
  if (LANG === undefined) delete process.env['LANG'];
  else process.env['LANG'] = LANG;
});

/** Every command with its whole name. */
function allCommands(command: Command, name = command.name()): { name: string; command: Command }[] {
  const below = command.commands.flatMap((each) => allCommands(each, `${name} ${each.name()}`));
  return [{ name, command }, ...below];
}

test('there is a verb for everything the workbench does', () => {
  const names = allCommands(createProgram()).map((each) => each.name.replace(/^tunebench ?/, ''));
  expect(names).toEqual(
    expect.arrayContaining([
      ...['serve', 'train', 'predict', 'generate', 'export', 'runs list', 'runs show'],
      ...['models import', 'models download', 'models list', 'data import', 'data list'],
    ]),
  );
});

test('every verb explains itself, and those that answer can do it in JSON', () => {
  for (const { name, command } of allCommands(createProgram())) {
    expect(command.helpInformation(), name).toContain('Usage:');
    expect(command.description(), name).not.toBe('');
    if (command.commands.length === 0) {
      expect(
        command.options.map((option) => option.long),
        name,
      ).toContain('--json');
    }
  }
});

test('help is Korean where the system is', () => {
  process.env['LC_ALL'] = 'ko_KR.UTF-8';
  for (const { name, command } of allCommands(createProgram())) {
    expect(command.description(), name).toMatch(/[가-힣]/);
  }
});

test('training has the flags people know, beside those of every method', () => {
  const train = allCommands(createProgram()).find((each) => each.name === 'tunebench train')?.command;
  const flags = train?.options.map((option) => option.long) ?? [];
  expect(flags).toEqual(
    expect.arrayContaining([
      ...['--model', '--train', '--test', '--validation', '--text', '--label', '--prompt', '--completion'],
      ...[
        '--columns',
        '--method',
        '--rank',
        '--alpha',
        '--targets',
        '--epochs',
        '--learning-rate',
        '--batch',
      ],
      ...['--warmup', '--schedule', '--seed', '--resume', '--json'],
    ]),
  );
  expect(new Set(flags).size).toBe(flags.length);
});

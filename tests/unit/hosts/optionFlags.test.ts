import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { defineOptions } from '../../../src-main/contract/options.ts';
import {
  addOptionFlags,
  collectOptionValues,
  flagName,
  parseFlag,
} from '../../../src-main/hosts/cli/optionFlags.ts';

const text = { en: 'what it does', ko: '하는 일' };
const common = { label: text, help: text };
const training = defineOptions({
  learningRate: { type: 'number', default: 1e-4, above: 0, ...common },
  batchSize: { type: 'integer', default: 16, minimum: 1, ...common },
  schedule: {
    type: 'choice',
    default: 'linear',
    choices: [
      { value: 'linear', label: text },
      { value: 'constant', label: text },
    ],
    ...common,
  },
});
const method = defineOptions({
  targets: { type: 'list', default: [], ...common },
  layers: { type: 'integers', default: [], ...common },
  rankPattern: { type: 'numberMap', default: {}, ...common },
  rankStabilized: { type: 'boolean', default: false, ...common },
});
const other = defineOptions({ bottleneck: { type: 'integer', default: 64, ...common } });

function collect(...argv: string[]) {
  const command = new Command().exitOverride();
  addOptionFlags(command, [
    { title: 'Training:', specs: training },
    { title: 'Method:', specs: method },
    { title: 'Other:', specs: other },
  ]);
  command.parse(argv, { from: 'user' });
  return collectOptionValues(
    command.opts(),
    { training, objective: {}, method, otherMethods: { ...method, ...other } },
    'train',
  );
}

describe('flags of settings', () => {
  test('have the names people type', () => {
    expect(flagName('learningRate')).toBe('learning-rate');
    expect(flagName('batchSize')).toBe('batch');
  });

  test('become values of the right type in the right table', () => {
    expect(
      collect(
        ...['--learning-rate', '2e-3', '--batch', '32', '--schedule', 'linear', '--targets', 'query,value'],
        ...['--layers', '0,1', '--rank-pattern', 'query=4,value=2', '--rank-stabilized'],
      ),
    ).toEqual({
      training: { learningRate: 2e-3, batchSize: 32, schedule: 'linear' },
      objective: {},
      method: {
        targets: ['query', 'value'],
        layers: [0, 1],
        rankPattern: { query: 4, value: 2 },
        rankStabilized: true,
      },
    });
  });

  test('left out stay out, so that the defaults apply', () => {
    expect(collect()).toEqual({ training: {}, objective: {}, method: {} });
  });

  test('of another method reach the chosen one, whose check refuses them', () => {
    expect(collect('--bottleneck', '8').method).toEqual({ bottleneck: 8 });
  });

  test('say what cannot be read', () => {
    for (const value of ['', 'abc', 'NaN', 'Infinity', '1e999']) {
      expect(() => parseFlag('learningRate', training.learningRate, value, 'train')).toThrow(
        '--learning-rate',
      );
    }
    expect(() => parseFlag('rankStabilized', method.rankStabilized, 'perhaps', 'train')).toThrow('perhaps');
    expect(() => parseFlag('layers', method.layers, '1,x', 'train')).toThrow('--layers');
    expect(parseFlag('rankStabilized', method.rankStabilized, 'no', 'train')).toBe(false);
  });
});

import { expect, it } from 'vitest';
import { readJsonToRewrite, writeJson } from '../../../../src-main/engine/formats/jsonFiles.ts';
import { MemoryFiles, collector } from '../memoryFiles.ts';

it('writes whole numbers as they were spelled', () => {
  const text = '{"cap": 30.0, "size": 4, "theta": 1e6, "epsilon": 1e-05, "list": [2.0, "3.0"], "name": "é"}';
  const files = new MemoryFiles().put('config.json', text);
  const sink = collector();
  writeJson(sink, { ...readJsonToRewrite(files, 'config.json'), added: 1 });
  const written = new TextDecoder().decode(sink.bytes());
  expect(written.replace(/\s+/g, ' ')).toBe(
    '{ "cap": 30.0, "size": 4, "theta": 1e6, "epsilon": 0.00001, "list": [ 2.0, "3.0" ], "name": "é", "added": 1 } ',
  );
});

/** Judges rows in a thread of its own: looking at a million of them must not keep the host from answering. */
import type { Problem } from '../../contract/errors/index.ts';
import { problemsFromError } from '../../contract/errors/index.ts';
import type { HealthOptions, RowReference } from '../../contract/health.ts';
import {
  type CountTokens,
  type HealthRow,
  type Material,
  createMaterial,
  planFix,
  previewDataset,
  readHealthRows,
  reportHealth,
  runCheck,
} from '../../datasets/index.ts';
import { createEngineFiles, serveThread } from '../../platform/index.ts';
import type { HealthReply, HealthRequest } from './healthMessages.ts';
import { openSource } from './openSource.ts';

const rows: HealthRow[] = [];
const problems: (RowReference & { problem: Problem })[] = [];

async function tokenCounter(modelFolder: string): Promise<CountTokens> {
  // Loading the tokenizer's library takes longer than most checks without it.
  const { loadTokenizer } = await import('../../engine/data/tokenizer.ts');
  const tokenizer = loadTokenizer(createEngineFiles(), modelFolder);
  return (text) => {
    const { ids } = tokenizer.encode(text);
    return { tokens: ids.length, unknown: ids.filter((id) => id === tokenizer.unknownId).length };
  };
}

async function materialFor(options: HealthOptions, modelFolder: string | undefined): Promise<Material> {
  return createMaterial(
    rows,
    options,
    modelFolder === undefined ? undefined : await tokenCounter(modelFolder),
  );
}

async function readFiles(
  { files, options, mapping: given }: Extract<HealthRequest, { kind: 'files' }>,
  reply: (reply: HealthReply) => void,
): Promise<void> {
  const sources = files.map((file) => openSource(file.path, file.split));
  const [first] = sources;
  const mapping =
    given ??
    (first === undefined ? { roles: {} } : (await previewDataset(first, options, 1)).suggestedMapping);
  const read = await readHealthRows(sources, options, mapping, (done) => reply({ kind: 'progress', done }));
  for (const row of read.rows) rows.push(row);
  for (const problem of read.problems) problems.push(problem);
}

async function answer(request: HealthRequest, reply: (reply: HealthReply) => void): Promise<void> {
  switch (request.kind) {
    case 'rows':
      for (const row of request.rows) rows.push(row);
      reply({ kind: 'taken' });
      return;
    case 'files':
      await readFiles(request, reply);
      reply({ kind: 'taken' });
      return;
    case 'report': {
      const material = await materialFor(request.options, request.modelFolder);
      const health = reportHealth(material, problems, (done, total) =>
        reply({ kind: 'progress', done: Math.round((rows.length * done) / total), total: rows.length }),
      );
      reply({ kind: 'reported', health });
      return;
    }
    case 'plan': {
      const only = request.only && new Set(request.only);
      const found = runCheck(request.check, await materialFor(request.options, request.modelFolder));
      const groups = (found?.groups ?? []).filter(
        (group) => only === undefined || group.rows.some((row) => only.has(rows[row]?.row ?? 0)),
      );
      reply({ kind: 'planned', plan: planFix(request.fix, groups, rows) });
      return;
    }
    case 'find': {
      const found = runCheck(request.check, await materialFor(request.options, request.modelFolder));
      const named = (found?.groups ?? []).flatMap((group) => group.rows.map((row) => rows[row]?.row ?? 0));
      reply({ kind: 'found', rows: new Set(named) });
      return;
    }
    default:
      request satisfies never;
  }
}

serveThread<HealthRequest, HealthReply>(async (request, reply) => {
  try {
    await answer(request, reply);
  } catch (error) {
    reply({ kind: 'failed', problems: problemsFromError(error) });
  }
});

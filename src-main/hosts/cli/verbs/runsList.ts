import type { Command } from 'commander';
import { z } from 'zod';
import { errorFromProblems } from '../../../contract/errors/index.ts';
import { matchesRun, metricsOfFilter, parseRunFilter } from '../../../contract/runFilter.ts';
import { metricsToReduce, orderRuns, runValue } from '../../../contract/runValues.ts';
import { say } from '../../language.ts';
import { parseFlag } from '../flagValues.ts';
import { Output, table } from '../output.ts';
import { describeRun, formatColumn } from '../runLines.ts';
import { withSession } from '../session.ts';

const texts = {
  list: { en: 'List runs, newest first', ko: '실행을 최신순으로 보기' },
  filter: {
    en: 'only runs that answer a question, such as "accuracy>0.8 schedule=cosine since:7d -tag:draft OR is:starred"',
    ko: '질문에 맞는 실행만. 예: "accuracy>0.8 schedule=cosine since:7d -tag:draft OR is:starred"',
  },
  columns: {
    en: 'more columns: metrics, settings and facts, such as "best(validation.accuracy),learningRate,model"',
    ko: '더 볼 열: 지표, 설정, 기본 정보. 예: "best(validation.accuracy),learningRate,model"',
  },
  sort: {
    en: 'order by such a column, the highest first',
    ko: '그런 열로 정렬(큰 것부터)',
  },
  ascending: { en: 'the lowest first', ko: '작은 것부터' },
  limit: { en: 'at most so many', ko: '최대 개수' },
  json: { en: 'print JSON', ko: 'JSON으로 출력' },
  none: { en: 'There are no runs yet.', ko: '아직 실행이 없습니다.' },
  noMatch: { en: 'No run matches.', ko: '맞는 실행이 없습니다.' },
} as const;

interface ListFlags {
  filter?: string;
  columns?: string;
  sort?: string;
  ascending?: boolean;
  limit?: string;
  json?: boolean;
}

/** `runs list`, asked in the language of the window's filter. */
export function addRunList(runs: Command): void {
  runs
    .command('list')
    .description(say(texts.list))
    .option('--filter <question>', say(texts.filter))
    .option('--columns <a,b,…>', say(texts.columns))
    .option('--sort <column>', say(texts.sort))
    .option('--ascending', say(texts.ascending))
    .option('--limit <n>', say(texts.limit))
    .option('--json', say(texts.json))
    .action((flags: ListFlags) =>
      withSession(
        new Output(flags.json ?? false),
        async ({ client, output }) => {
          const limit = parseFlag(
            '--limit',
            flags.limit,
            z.coerce.number().int().min(1).optional(),
            'runs list',
          );
          const columns = (flags.columns ?? '').split(',').flatMap((name) => name.trim() || []);
          const filter = flags.filter === undefined ? undefined : parseRunFilter(flags.filter);
          if (filter && filter.problems.length > 0) throw errorFromProblems(filter.problems);
          const all = await client.runs.list();
          const metrics = [
            ...metricsToReduce([...columns, ...(flags.sort === undefined ? [] : [flags.sort])]),
            ...(filter ? metricsOfFilter(filter) : []),
          ];
          const extremes =
            metrics.length === 0 ? undefined : await client.runs.extremes({ metrics: [...new Set(metrics)] });
          const matching = filter ? all.filter((run) => matchesRun(filter, run, extremes)) : all;
          const { sort } = flags;
          const ordered =
            sort === undefined
              ? matching
              : orderRuns(matching, (run) => runValue(run, sort, extremes), flags.ascending !== true);
          const found = ordered.slice(0, limit);
          const valuesOf = (run: (typeof found)[number]) =>
            columns.map((column) => [column, runValue(run, column, extremes)] as const);
          output.result(
            columns.length === 0
              ? found
              : found.map((run) => ({ ...run, columns: Object.fromEntries(valuesOf(run)) })),
            () =>
              found.length === 0
                ? [say(all.length === 0 ? texts.none : texts.noMatch)]
                : table([
                    ...(columns.length === 0 ? [] : [['', '', '', '', '', '', ...columns]]),
                    ...found.map((run) => [
                      ...describeRun(run),
                      ...valuesOf(run).map(([, value]) => formatColumn(value)),
                    ]),
                  ]),
          );
        },
        'any',
      ),
    );
}

import type { Command } from 'commander';
import { say } from '../../language.ts';
import { compareRuns, comparisonLines } from '../comparisonLines.ts';
import { Output } from '../output.ts';
import { withSession } from '../session.ts';

const texts = {
  compare: {
    en: 'Compare runs: results, costs, settings that differ, and over seeds whether a difference may be chance',
    ko: '실행 비교: 결과, 비용, 다른 설정, 그리고 시드에 걸쳐 차이가 우연일 수 있는지',
  },
  json: { en: 'print JSON', ko: 'JSON으로 출력' },
} as const;

/** `runs compare`; the first run is the baseline. */
export function addRunComparison(runs: Command): void {
  runs
    .command('compare')
    .description(say(texts.compare))
    .argument('<run>')
    .argument('<others...>')
    .option('--json', say(texts.json))
    .action((first: string, others: string[], { json }: { json?: boolean }) =>
      withSession(
        new Output(json ?? false),
        async ({ client, output }) => {
          const found = await Promise.all([first, ...others].map((id) => client.runs.get({ id })));
          const comparison = compareRuns(found);
          output.result(comparison, () => comparisonLines(found, comparison));
        },
        'any',
      ),
    );
}

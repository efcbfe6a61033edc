import type { Command } from 'commander';
import { say } from '../../language.ts';
import { describeProblems } from '../../problems.ts';
import { followRun } from '../followRun.ts';
import { Output, formatBytes, table } from '../output.ts';
import { describeRun, formatMetric } from '../runLines.ts';
import { changeLines, keptStep, outcomeLines } from '../runStory.ts';
import { withSession } from '../session.ts';
import { addRunCheckpoints } from './runsCheckpoints.ts';
import { addRunComparison } from './runsCompare.ts';
import { addRunEditing } from './runsEdit.ts';
import { addRunExchange } from './runsExchange.ts';
import { addRunList } from './runsList.ts';
import { addRunQueue } from './runsQueue.ts';
import { addRunResumption } from './runsResume.ts';
import { addRunSamples } from './runsSamples.ts';
import { addRunSteering } from './runsSteer.ts';
import { describeVerification, isRepeated } from '../verification.ts';

const texts = {
  runs: {
    en: 'Past and present runs: list, show, compare, edit, remove, resume, extend, fork, checkpoints, samples, replay, report, exchange, queue',
    ko: '지난 실행과 진행 중인 실행: 목록, 보기, 비교, 정리, 삭제, 이어 하기, 갈라 하기, 체크포인트, 샘플, 재현, 보고서, 주고받기, 대기열',
  },
  show: { en: 'Show one run with its settings and results', ko: '실행 하나의 설정과 결과 보기' },
  json: { en: 'print JSON', ko: 'JSON으로 출력' },
  jsonEvents: { en: 'print one JSON line per event', ko: '이벤트마다 JSON 한 줄 출력' },
  replay: {
    en: 'Run one again exactly as it was, and say whether the same came out',
    ko: '실행을 그대로 재현하고 같은 결과가 나왔는지 확인',
  },
} as const;

/** `runs list | show | compare | edit | remove | restore | resume | extend | fork | checkpoints | samples | card | report | export | import | queue | replay` */
export function addRunsVerb(program: Command): void {
  const runs = program.command('runs').description(say(texts.runs));

  addRunList(runs);
  runs
    .command('show')
    .description(say(texts.show))
    .argument('<run>')
    .option('--json', say(texts.json))
    .action((id: string, { json }: { json?: boolean }) =>
      withSession(
        new Output(json ?? false),
        async ({ client, output }) => {
          const run = await client.runs.get({ id });
          const advice = await client.runs.advice({ id });
          const { events } = await client.runs.log({ id });
          const changes = events.flatMap(({ body }) => (body.event === 'steered' ? [body] : []));
          output.result({ ...run, advice, changes, keptStep: keptStep(events) ?? null }, () => [
            ...table([describeRun(run)]),
            ...table([
              ['model', run.modelName],
              ['dataset', run.datasetName],
              ['task', run.task],
              ['method', `${run.methodId} ${JSON.stringify(run.config.method.options)}`],
              ['training', JSON.stringify(run.config.training)],
              ['parameters', `${run.trainableParameters ?? '–'} / ${run.totalParameters ?? '–'}`],
              ['rows/s', run.rowsPerSecond === null ? '–' : formatMetric(run.rowsPerSecond)],
              ['memory', run.peakMemoryBytes === null ? '–' : formatBytes(run.peakMemoryBytes)],
              ...Object.entries(run.metrics).map(([name, value]) => [name, formatMetric(value)]),
            ]),
            ...(run.problems.length > 0 ? [describeProblems(run.problems)] : []),
            ...changeLines(events),
            ...outcomeLines(events, advice),
          ]);
        },
        'any',
      ),
    );

  addRunEditing(runs);
  addRunComparison(runs);
  addRunResumption(runs);
  addRunSteering(runs);
  addRunCheckpoints(runs);
  addRunSamples(runs);
  addRunExchange(runs);
  addRunQueue(runs);

  runs
    .command('replay')
    .description(say(texts.replay))
    .argument('<run>')
    .option('--json', say(texts.jsonEvents))
    .action(async (id: string, { json }: { json?: boolean }) => {
      process.exitCode = await withSession(new Output(json ?? false), async (session) => {
        const { client, output } = session;
        const run = await client.runs.replay({ id });
        const code = await followRun(session, run, 0);
        if (code !== 0) return code;
        const found = await client.runs.verify({ id: run.id });
        output.event({ event: 'verified', ...found });
        for (const line of describeVerification(found)) output.line(line);
        return isRepeated(found) ? 0 : 1;
      });
    });
}

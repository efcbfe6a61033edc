import { say } from '../language.ts';
import { describeProblems } from '../problems.ts';
import type { Session } from './session.ts';

const lookEveryMs = 2_000;
const texts = {
  waiting: {
    en: 'Waiting … (Ctrl-C ends the run, which then goes on from its last checkpoint when it is resumed)',
    ko: '기다리는 중 … (Ctrl-C를 누르면 실행을 끝냅니다. 나중에 이어 하면 마지막 체크포인트부터 계속됩니다)',
  },
} as const;

/**
 * Says when a run stands still because of a full disk. The log cannot tell it: it may lie on that disk.
 * @param clear called before something is said
 * @returns ends the watch
 */
export function watchBlocked({ client, output }: Session, runId: string, clear: () => void): () => void {
  let known = '';
  const look = async (): Promise<void> => {
    const problem = (await client.runs.blocked()).find((each) => each.runId === runId)?.problem;
    const text = problem === undefined ? '' : describeProblems([problem]);
    if (text === known) return;
    known = text;
    if (problem === undefined) return;
    clear();
    output.event({ event: 'blocked', run: runId, problem });
    process.stderr.write(`${text}\n${say(texts.waiting)}\n`);
  };
  // Looking is all this does: an answer that does not come is asked for again.
  const timer = setInterval(() => void look().catch(() => undefined), lookEveryMs).unref();
  return () => clearInterval(timer);
}

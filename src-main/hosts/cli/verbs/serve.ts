import type { Command } from 'commander';
import { say } from '../../language.ts';
import { parseAddress, parsePort } from '../../server/flags.ts';
import { runServer } from '../../server/runServer.ts';

const texts = {
  serve: {
    en: 'Run the workbench as a web server on this machine',
    ko: '이 컴퓨터에서 작업대를 웹 서버로 실행',
  },
  port: { en: 'port; 0 takes a free one', ko: '포트(0이면 빈 포트)' },
  listen: {
    en: 'address to listen on; anything but this machine itself lets others in',
    ko: '들을 주소(이 컴퓨터가 아닌 주소면 다른 컴퓨터도 접속 가능)',
  },
  json: { en: 'print the address as JSON', ko: '주소를 JSON으로 출력' },
} as const;

/** `serve [--port N] [--listen ADDRESS]` */
export function addServeVerb(program: Command): void {
  program
    .command('serve')
    .description(say(texts.serve))
    .option('--port <port>', say(texts.port), '0')
    .option('--listen <address>', say(texts.listen), '127.0.0.1')
    .option('--json', say(texts.json))
    .action((flags: { port: string; listen: string; json?: boolean }) =>
      runServer({
        port: parsePort(flags.port),
        address: parseAddress(flags.listen),
        json: flags.json ?? false,
      }),
    );
}

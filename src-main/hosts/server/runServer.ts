import path from 'node:path';
import { uploadLimitBytes } from '../../services/files.ts';
import { say } from '../language.ts';
import { applicationFolder, openHost } from '../openHost.ts';
import { isLoopback } from './addresses.ts';
import { startServer } from './startServer.ts';
import { untilAskedToEnd } from './signals.ts';

export interface ServeOptions {
  readonly port: number;
  readonly address: string;
  /** Prints one JSON line with the address instead of sentences. */
  readonly json: boolean;
}

const texts = {
  running: {
    en: '\n  Tunebench is running. Open this address in a browser:\n\n    {url}\n\n  Data folder: {dataFolder}\n  Ctrl-C ends it; a training in progress is stopped so that it can be resumed.\n',
    ko: '\n  Tunebench가 실행 중입니다. 브라우저에서 이 주소를 여세요:\n\n    {url}\n\n  데이터 폴더: {dataFolder}\n  Ctrl-C를 누르면 끝납니다. 진행 중인 학습은 이어 할 수 있도록 멈춥니다.\n',
  },
  exposed: {
    en: 'Warning: listening on {address} lets other machines connect. The connection is not encrypted: whoever reads the traffic can read the token. Use it only in a network you trust, or through an SSH tunnel.',
    ko: '주의: {address}에서 들으면 다른 컴퓨터도 접속할 수 있습니다. 연결은 암호화되지 않아 통신을 보는 사람은 토큰도 볼 수 있습니다. 믿을 수 있는 네트워크에서만 쓰거나 SSH 터널을 이용하세요.',
  },
  ending: { en: 'Ending …', ko: '끝내는 중 …' },
};

/** Opens the data folder, serves the interface until a signal asks to end, and then ends cleanly. */
export async function runServer(options: ServeOptions): Promise<void> {
  const host = await openHost({ host: 'server', adoptQueuedRuns: true });
  try {
    const server = await startServer({
      address: options.address,
      port: options.port,
      staticFolder: path.join(applicationFolder, 'out', 'renderer'),
      uploadLimitBytes,
      accept: (socket) => host.dispatcher.serveSocket(socket),
    });
    const { dataFolder } = host.services;
    if (!isLoopback(options.address)) {
      process.stderr.write(`${say(texts.exposed, { address: options.address })}\n`);
    }
    process.stdout.write(
      options.json
        ? `${JSON.stringify({ event: 'listening', url: server.url, port: server.port, dataFolder })}\n`
        : `${say(texts.running, { url: server.url, dataFolder })}\n`,
    );
    await untilAskedToEnd();
    if (!options.json) process.stdout.write(`${say(texts.ending)}\n`);
    await server.close();
  } finally {
    await host.close();
  }
}

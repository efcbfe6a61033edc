import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type UserConfig, build } from 'vite';
import WebSocket from 'ws';
import { z } from 'zod';

const root = path.resolve(import.meta.dirname, '..', '..');

function findOnPath(name: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  return folders.map((folder) => path.join(folder, name)).find((file) => existsSync(file));
}

/** Any Electron: the one CI names, the one builds use, or the one npm fetched. */
function findElectron(): string | undefined {
  const pathFile = path.join(root, 'node_modules', 'electron', 'path.txt');
  const fetched = existsSync(pathFile)
    ? path.join(root, 'node_modules', 'electron', 'dist', readFileSync(pathFile, 'utf8'))
    : undefined;
  return [process.env['TUNEBENCH_ELECTRON'], process.env['ELECTRON_EXEC_PATH'], fetched].find(
    (file) => file !== undefined && existsSync(file),
  );
}

const electron = findElectron();
const xvfb = findOnPath('Xvfb');
const required = process.env['CI'] === 'true' && process.env['TUNEBENCH_ELECTRON'] !== undefined;
const possible = electron !== undefined && (xvfb !== undefined || process.env['DISPLAY'] !== undefined);

/** A page of the interface's origin that does nothing by itself; the tests act inside it. */
const page = `<!doctype html><html><head><title>shell test</title></head>
<body><script>window.inlineRan = true</script><script src="./page.js"></script></body></html>`;
const pageScript = `
window.received = [];
window.stopHearing = window.tunebench.onMessage((message) => window.received.push(message));
`;

let folder: string;
const children: ChildProcess[] = [];
let evaluate: (expression: string) => Promise<unknown>;
let listPages: () => Promise<string[]>;

/** What the tests read of the DevTools protocol's messages. */
const devToolsSchema = z.object({
  id: z.number().optional(),
  method: z.string().optional(),
  params: z
    .object({ targetInfo: z.object({ targetId: z.string(), type: z.string(), url: z.string() }).optional() })
    .optional(),
  result: z
    .object({
      sessionId: z.string().optional(),
      targetInfos: z.array(z.object({ type: z.string(), url: z.string() })).optional(),
      result: z.object({ value: z.unknown().optional() }).optional(),
      exceptionDetails: z.object({ text: z.string() }).optional(),
    })
    .optional(),
});
type DevToolsMessage = z.infer<typeof devToolsSchema>;

/** Waits for a line of a process's error output. */
function waitForOutput(child: ChildProcess, pattern: RegExp): Promise<RegExpMatchArray> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
      const match = pattern.exec(text);
      if (match) resolve(match);
    });
    child.once('exit', (code) => reject(new Error(`ended with ${code} before ${pattern}:\n${text}`)));
  });
}

async function buildShell(): Promise<void> {
  const config: { default: { main: UserConfig; preload: UserConfig } } = await import(
    path.join(root, 'electron.vite.config.ts')
  );
  for (const name of ['main', 'preload'] as const) {
    const part = config.default[name];
    const outDir = path.join(folder, 'out', name);
    await build({
      ...part,
      configFile: false,
      logLevel: 'error',
      build: { ...part.build, ssr: true, outDir },
    });
  }
}

/** Starts an X server that picks a free display itself. */
async function startDisplay(): Promise<string> {
  if (xvfb === undefined) return process.env['DISPLAY'] ?? '';
  const server = spawn(xvfb, ['-displayfd', '1', '-screen', '0', '1280x900x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  children.push(server);
  const display = await new Promise<string>((resolve, reject) => {
    server.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString('utf8').trim()));
    server.once('exit', (code) => reject(new Error(`Xvfb ended with ${code}`)));
  });
  return `:${display}`;
}

/** Speaks to the shell's Chromium: waits for our page, and lets the tests act inside it. */
async function connect(address: string): Promise<void> {
  const socket = new WebSocket(address);
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const waiting = new Map<number, (result: DevToolsMessage['result']) => void>();
  let nextId = 1;
  const ask = (method: string, params: object, sessionId?: string) =>
    new Promise<DevToolsMessage['result']>((resolve) => {
      const id = nextId++;
      waiting.set(id, resolve);
      socket.send(JSON.stringify({ id, method, params, ...(sessionId === undefined ? {} : { sessionId }) }));
    });
  const ownPage = new Promise<string>((resolve) => {
    socket.on('message', (data: Buffer) => {
      const message = devToolsSchema.parse(JSON.parse(data.toString('utf8')));
      if (message.id !== undefined) waiting.get(message.id)?.(message.result);
      const target = message.params?.targetInfo;
      if (target?.type === 'page' && target.url.startsWith('app://tunebench/')) resolve(target.targetId);
    });
  });
  await ask('Target.setDiscoverTargets', { discover: true });
  const attached = await ask('Target.attachToTarget', { targetId: await ownPage, flatten: true });
  evaluate = async (expression) => {
    const params = { expression, awaitPromise: true, returnByValue: true };
    const result = await ask('Runtime.evaluate', params, attached?.sessionId);
    if (result?.exceptionDetails !== undefined) throw new Error(result.exceptionDetails.text);
    return result?.result?.value;
  };
  listPages = async () => {
    const found = await ask('Target.getTargets', {});
    return (found?.targetInfos ?? []).filter((each) => each.type === 'page').map((each) => each.url);
  };
  // The page may still be loading: its own script has run once the document is complete.
  await evaluate(`new Promise((resolve) =>
    document.readyState === 'complete' ? resolve() : window.addEventListener('load', () => resolve()))`);
}

/** The command line of the process that runs our page, which names its security switches. */
function rendererCommandLine(): string {
  const lines = execFileSync('ps', ['-eo', 'args', '-ww'], { encoding: 'utf8', maxBuffer: 1e8 }).split('\n');
  return lines.find((each) => each.includes('--type=renderer') && each.includes(folder)) ?? '';
}

beforeAll(async () => {
  if (!possible) {
    if (required) throw new Error('CI names an Electron, but it or Xvfb cannot be found.');
    return;
  }
  folder = await mkdtemp(path.join(os.tmpdir(), 'tunebench-shell-'));
  await buildShell();
  // The shell finds everything relative to its application folder; the host's sources stay where they are.
  for (const name of ['src-main', 'node_modules', 'resources']) {
    await symlink(path.join(root, name), path.join(folder, name));
  }
  await mkdir(path.join(folder, 'out', 'renderer'), { recursive: true });
  await writeFile(path.join(folder, 'out', 'renderer', 'index.html'), page);
  await writeFile(path.join(folder, 'out', 'renderer', 'page.js'), pageScript);
  await writeFile(path.join(folder, 'secret.js'), 'outside');
  await writeFile(
    path.join(folder, 'package.json'),
    JSON.stringify({ name: 'tunebench', version: '0.0.0', main: 'out/main/index.cjs' }),
  );

  const shell = spawn(
    electron ?? '',
    [
      folder,
      '--no-sandbox',
      '--disable-gpu',
      '--remote-debugging-port=0',
      `--user-data-dir=${folder}/profile`,
    ],
    {
      env: {
        ...process.env,
        DISPLAY: await startDisplay(),
        TUNEBENCH_NODE: process.execPath,
        TUNEBENCH_HOME: path.join(folder, 'home'),
        LANG: 'ko_KR.UTF-8',
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  children.push(shell);
  const listening = await waitForOutput(shell, /DevTools listening on (ws:\S+)/);
  await connect(listening[1] ?? '');
});

afterAll(async () => {
  const shell = children.pop();
  if (shell !== undefined && shell.exitCode === null) {
    const gone = new Promise((resolve) => shell.once('exit', resolve));
    shell.kill('SIGTERM');
    await gone;
  }
  for (const child of children) child.kill();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

describe.skipIf(!possible)('the Electron shell', () => {
  test('opens one window with the interface from its own protocol', async () => {
    expect(await listPages()).toEqual(['app://tunebench/index.html']);
    expect(await evaluate('location.origin')).toBe('app://tunebench');
  });

  test('gives the page a bridge for messages and nothing else', async () => {
    expect(await evaluate('Object.keys(window.tunebench).sort()')).toEqual(['onMessage', 'send', 'version']);
    const powers = ['require', 'process', 'module', 'Buffer', 'global', 'ipcRenderer', 'electron'];
    expect(await evaluate(`${JSON.stringify(powers)}.filter((name) => name in window)`)).toEqual([]);
  });

  test('passes messages to the host and back', async () => {
    const answer = await evaluate(`new Promise((resolve) => {
      window.tunebench.onMessage((message) => {
        const parsed = JSON.parse(message);
        if (parsed.i === 'shell-test') resolve(parsed.p.b.json);
      });
      window.tunebench.send(JSON.stringify({ i: 'shell-test', p: { u: '/system/info', b: { json: {} } } }));
    })`);
    expect(answer).toMatchObject({ host: 'electron', dataFolder: path.join(folder, 'home') });
  });

  test('keeps contexts apart: the page cannot reach what the preload uses', async () => {
    expect(await evaluate("window.tunebench.send.constructor('return typeof process')()")).toBe('undefined');
  });

  test('runs its pages sandboxed and without Node', () => {
    const commandLine = rendererCommandLine();
    expect(commandLine).not.toContain('--node-integration');
    expect(commandLine).not.toContain('--enable-remote-module');
    // Current versions name neither, because both are what they do unless told otherwise.
    if (commandLine.includes('--preload=')) {
      expect(commandLine).toContain('--enable-sandbox');
      expect(commandLine).toContain('--context-isolation');
    }
  });

  test('lets no inline script, no eval and nothing from elsewhere run', async () => {
    expect(await evaluate('window.inlineRan === undefined')).toBe(true);
    const policy = await evaluate("fetch('./page.js').then((r) => r.headers.get('content-security-policy'))");
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/script-src[^;]*unsafe/);
    const loaded = await evaluate(`new Promise((resolve) => {
      const script = document.createElement('script');
      script.onload = () => resolve('loaded');
      script.onerror = () => resolve('refused');
      script.src = 'data:text/javascript,window.foreignRan=true';
      document.head.append(script);
    })`);
    expect(loaded).toBe('refused');
    expect(await evaluate("fetch('https://example.com').then(() => 'sent', () => 'refused')")).toBe(
      'refused',
    );
  });

  test('reaches no files outside the interface', async () => {
    for (const address of [
      'app://tunebench/../secret.js',
      'app://tunebench/..%2f..%2fsecret.js',
      'app://other/page.js',
    ]) {
      const status = await evaluate(`fetch('${address}').then((r) => r.status, () => 'refused')`);
      expect(status === 404 || status === 'refused').toBe(true);
    }
    expect(await evaluate(`fetch('file://${folder}/secret.js').then(() => 'read', () => 'refused')`)).toBe(
      'refused',
    );
  });

  test('opens no windows and goes nowhere else', async () => {
    // Old versions give back a proxy of a window that does not exist.
    await evaluate("void window.open('https://example.com')");
    expect(await listPages()).toHaveLength(1);
    await evaluate("void (location.href = 'https://example.com/')");
    expect(await evaluate('location.href')).toBe('app://tunebench/index.html');
    expect(await listPages()).toHaveLength(1);
  });

  test('denies permissions', async () => {
    expect(await evaluate('Notification.requestPermission()')).toBe('denied');
    const position = await evaluate(`new Promise((resolve) =>
      navigator.geolocation.getCurrentPosition(() => resolve('told'), (error) => resolve(error.code)))`);
    expect(position).not.toBe('told');
  });
});

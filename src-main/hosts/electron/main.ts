/** Electron's main process: windows, menus, and a relay between the windows and the host. */
import { join } from 'path';
import { BrowserWindow, Menu, app, dialog, ipcMain, protocol, session } from 'electron';
import { serveInterface } from './appProtocol.ts';
import type { FromHost } from './envelope.ts';
import { type HostProcess, findHostNode, startHostProcess } from './hostProcess.ts';
import { menuTemplate } from './menu.ts';
import { createRelay } from './relay.ts';
import { confine, denyPermissions, origin, scheme } from './security.ts';
import { shellTexts } from './texts.ts';

const applicationFolder = app.getAppPath();
let host: HostProcess | undefined;
let hostReady = false;
let busy = false;
let quitting = false;

function say(name: keyof typeof shellTexts): string {
  return shellTexts[name][app.getLocale().startsWith('ko') ? 'ko' : 'en'];
}

protocol.registerSchemesAsPrivileged([
  { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
]);

const relay = createRelay(ipcMain);
app.on('web-contents-created', (_event, contents) => confine(contents));

/** Powers that current versions no longer have and old ones grant unless told otherwise. */
const oldSwitches: object = { enableRemoteModule: false };

function openWindow(): void {
  const window = new BrowserWindow({
    width: 1280,
    height: 860,
    minWidth: 380,
    minHeight: 480,
    title: 'Tunebench',
    show: false,
    backgroundColor: '#ffffff',
    webPreferences: {
      preload: join(applicationFolder, 'out', 'preload', 'index.cjs'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
      ...oldSwitches,
    },
  });
  relay.attach(window.webContents);
  window.once('ready-to-show', () => window.show());
  window.on('close', (event) => {
    const last = BrowserWindow.getAllWindows().length === 1;
    if (!last || !busy || quitting) return;
    const choice = dialog.showMessageBoxSync(window, {
      type: 'question',
      message: say('training'),
      detail: say('trainingDetail'),
      buttons: [say('goOn'), say('stopAndQuit'), say('cancel')],
      defaultId: 0,
      cancelId: 2,
    });
    if (choice === 2) event.preventDefault();
    if (choice === 1) app.quit();
  });
  void window.loadURL(`${origin}/index.html`);
}

function takeFromHost(message: FromHost): void {
  switch (message.kind) {
    case 'ready':
      hostReady = true;
      if (host !== undefined) relay.connect(host);
      return;
    case 'failed':
      dialog.showErrorBox(say('hostFailed'), message.text);
      app.exit(1);
      return;
    case 'busy':
      busy = message.busy;
      if (!busy && BrowserWindow.getAllWindows().length === 0) app.quit();
      return;
    case 'message':
      relay.deliver(message);
      return;
    default:
      message satisfies never;
  }
}

function startHost(): void {
  const node = findHostNode(applicationFolder);
  if (!node.found) {
    dialog.showErrorBox(say('hostFailed'), say('noNode').replace('{path}', node.path));
    app.exit(1);
    return;
  }
  host = startHostProcess({
    applicationFolder,
    onMessage: takeFromHost,
    onExit: (_code, lastOutput) => {
      if (quitting) return;
      dialog.showErrorBox(
        hostReady ? 'Tunebench' : say('hostFailed'),
        `${say('hostEnded')}\n\n${lastOutput}`,
      );
      app.exit(1);
    },
  });
}

if (!app.requestSingleInstanceLock()) app.quit();
else {
  app.on('second-instance', () => {
    const window = BrowserWindow.getAllWindows()[0];
    if (window === undefined) openWindow();
    else window.focus();
  });
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) openWindow();
  });
  // Without a window a training goes on; the application ends with it.
  app.on('window-all-closed', () => {
    if (!busy) app.quit();
  });
  app.on('before-quit', (event) => {
    if (quitting || host === undefined) return;
    event.preventDefault();
    quitting = true;
    host.end(() => app.quit());
  });
  void app.whenReady().then(() => {
    if (session.defaultSession !== undefined) denyPermissions(session.defaultSession);
    serveInterface(protocol, join(applicationFolder, 'out', 'renderer'));
    const language = app.getLocale().startsWith('ko') ? 'ko' : 'en';
    Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(language, { newWindow: openWindow })));
    startHost();
    openWindow();
  });
}

import type { MenuItemConstructorOptions } from 'electron';
import { shellTexts } from './texts.ts';

/** The application menu in the system's language, made of the system's own actions. */
export function menuTemplate(
  language: 'en' | 'ko',
  actions: { newWindow(): void },
): MenuItemConstructorOptions[] {
  const label = (name: keyof typeof shellTexts) => shellTexts[name][language];
  const own: MenuItemConstructorOptions[] = process.platform === 'darwin' ? [{ role: 'appMenu' }] : [];
  return [
    ...own,
    {
      label: label('file'),
      submenu: [
        { label: label('newWindow'), accelerator: 'CmdOrCtrl+N', click: () => actions.newWindow() },
        { type: 'separator' },
        { role: 'close', label: label('close') },
        { role: 'quit', label: label('quit') },
      ],
    },
    {
      label: label('edit'),
      submenu: [
        { role: 'undo', label: label('undo') },
        { role: 'redo', label: label('redo') },
        { type: 'separator' },
        { role: 'cut', label: label('cut') },
        { role: 'copy', label: label('copy') },
        { role: 'paste', label: label('paste') },
        { role: 'selectAll', label: label('selectAll') },
      ],
    },
    {
      label: label('view'),
      submenu: [
        { role: 'reload', label: label('reload') },
        { type: 'separator' },
        { role: 'resetZoom', label: label('resetZoom') },
        { role: 'zoomIn', label: label('zoomIn') },
        { role: 'zoomOut', label: label('zoomOut') },
        { role: 'togglefullscreen', label: label('fullScreen') },
      ],
    },
    { label: label('window'), submenu: [{ role: 'minimize', label: label('minimize') }] },
  ];
}

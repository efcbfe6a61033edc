import { textOf } from '../../contract/datasets.ts';
import { TunebenchError } from '../../contract/errors/index.ts';
import { joinTexts, textColumns } from './text.ts';
import type { WriteRequest } from './writer.ts';

/** A label as the name of a folder, the same on every system; two labels never share one. */
function createFolderNames(): (label: string) => string {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  return (label) => {
    const known = names.get(label);
    if (known !== undefined) return known;
    const cleaned = label
      .replace(/[\\/:*?"<>|\u0000-\u001f\u007f]/g, '_')
      .replace(/^[. ]+|[. ]+$/g, '')
      .slice(0, 100);
    const base =
      cleaned === '' || /^(?:con|prn|aux|nul|com\d|lpt\d)$/i.test(cleaned) ? `_${cleaned}` : cleaned;
    let name = base;
    for (let count = 2; taken.has(name.toLowerCase()); count++) name = `${base}-${count}`;
    taken.add(name.toLowerCase());
    names.set(label, name);
    return name;
  };
}

/** The files of a folder per class: names relative to it with `/` between parts. */
export function* writeClassFolders(request: WriteRequest): Generator<{ name: string; text: string }> {
  const label = request.roles.label ?? (request.columns.includes('label') ? 'label' : undefined);
  if (label === undefined) {
    throw new TunebenchError('datasets.exportNeedsColumn', { format: 'folder', role: 'label' });
  }
  const columns = textColumns(request, 'folder');
  const folderOf = createFolderNames();
  let number = 0;
  for (const { fields } of request.records()) {
    number++;
    const name = `${folderOf(textOf(fields[label]))}/${String(number).padStart(6, '0')}.txt`;
    yield { name, text: joinTexts(fields, columns) };
  }
}

import { SaxesParser } from 'saxes';
import { TunebenchError } from '../../../contract/errors/index.ts';

export interface XmlHandlers {
  onOpen?: (name: string, attributes: Readonly<Record<string, string>>) => void;
  onClose?: (name: string) => void;
  onText?: (text: string) => void;
}

/** The name without its namespace's prefix, which differs from program to program. */
function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

const depthLimit = 100;

/**
 * Makes a reader of XML that is fed in pieces. Documents with a type declaration are refused: spreadsheets have none, and
 * entities defined there can grow without measure.
 */
export function createXmlReader(file: string, handlers: XmlHandlers) {
  const fail = (detail: string, cause?: unknown) =>
    new TunebenchError('datasets.damagedFile', { file, kind: 'XLSX', detail }, { cause });
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const parser = new SaxesParser();
  let depth = 0;
  parser.on('error', (error) => {
    throw fail(error.message, error);
  });
  parser.on('doctype', () => {
    throw fail('it declares a document type');
  });
  parser.on('opentag', (tag) => {
    depth++;
    if (depth > depthLimit) throw fail(`it nests deeper than ${depthLimit}`);
    const attributes: Record<string, string> = {};
    for (const [name, value] of Object.entries(tag.attributes))
      if (typeof value === 'string') attributes[localName(name)] = value;
    handlers.onOpen?.(localName(tag.name), attributes);
  });
  parser.on('closetag', (tag) => {
    depth--;
    handlers.onClose?.(localName(tag.name));
  });
  parser.on('text', (text) => handlers.onText?.(text));
  parser.on('cdata', (text) => handlers.onText?.(text));
  const decode = (bytes?: Uint8Array): string => {
    try {
      return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true });
    } catch (error) {
      throw fail('it is not UTF-8', error);
    }
  };
  return {
    write(bytes: Uint8Array): void {
      const text = decode(bytes);
      if (text !== '') parser.write(text);
    },
    close(): void {
      decode();
      parser.close();
    },
  };
}

/** Text as a cell has it: `_x000D_` and the like stand for characters XML cannot carry. */
export function decodeCellText(text: string): string {
  return text.includes('_x')
    ? text.replace(/_x([0-9A-Fa-f]{4})_/g, (_whole, code: string) => String.fromCharCode(parseInt(code, 16)))
    : text;
}

/** The inverse of `decodeCellText`, with markup escaped. */
export function encodeCellText(text: string): string {
  return text
    .replace(/_x(?=[0-9A-Fa-f]{4}_)/g, '_x005F_x')
    .replace(
      /[\u0000-\u0008\u000b-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
      (character) => `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`,
    )
    .replace(/[&<>"]/g, (character) =>
      character === '&' ? '&amp;' : character === '<' ? '&lt;' : character === '>' ? '&gt;' : '&quot;',
    );
}

/** A stretch of a line of Markdown. There is no part that holds HTML: what looks like it is text. */
export type InlinePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'strong' | 'emphasis' | 'struck'; readonly parts: readonly InlinePart[] }
  | { readonly kind: 'link'; readonly address: string; readonly parts: readonly InlinePart[] };

/** Deeper marks are left as they are written. */
const deepest = 8;
/** Characters of a link's text or address. */
const longestLink = 2_000;
const escapable = /[!-/:-@[-`{-~]/;
const letterOrDigit = /[\p{L}\p{N}]/u;
const marks = [
  { mark: '**', kind: 'strong' },
  { mark: '__', kind: 'strong' },
  { mark: '~~', kind: 'struck' },
  { mark: '*', kind: 'emphasis' },
  { mark: '_', kind: 'emphasis' },
] as const;

/** An address that may be opened: of the web or of mail, nothing that runs. */
export function safeAddress(text: string): string | undefined {
  return /^(?:https?:\/\/|mailto:)[^\s<>"']+$/i.test(text) ? text : undefined;
}

interface Found {
  readonly part: InlinePart;
  readonly end: number;
}

/** `indexOf` that remembers the last answer for each mark, so that many openings before one closing are read once. */
function createSearch(text: string) {
  const known = new Map<string, { readonly from: number; readonly found: number }>();
  return (mark: string, from: number): number => {
    const last = known.get(mark);
    if (last && from >= last.from && (last.found < 0 || from <= last.found)) return last.found;
    const found = text.indexOf(mark, from);
    known.set(mark, { from, found });
    return found;
  };
}

/** Strong, emphasised, struck, code, links and bare addresses; marks that do not close are text. */
export function parseInline(text: string, depth = 0): InlinePart[] {
  const parts: InlinePart[] = [];
  const search = createSearch(text);
  /** From where on a mark has no closing; what closes does not depend on what opened. */
  const neverClosed = new Map<string, number>();
  let plain = '';

  function codeAt(at: number): Found | undefined {
    const fence = /^`+/.exec(text.slice(at, at + 10))?.[0];
    if (fence === undefined) return undefined;
    const end = search(fence, at + fence.length);
    if (end < 0) return undefined;
    const inside = text.slice(at + fence.length, end);
    return { part: { kind: 'code', text: inside.trim() || inside }, end: end + fence.length };
  }

  function markedAt(at: number): Found | undefined {
    const found = marks.find(({ mark }) => text.startsWith(mark, at));
    if (!found || depth >= deepest) return undefined;
    const { mark, kind } = found;
    const start = at + mark.length;
    // `snake_case` and `2 * 3` mean themselves.
    if (/^\s?$/.test(text.charAt(start)) || (mark[0] === '_' && letterOrDigit.test(text.charAt(at - 1)))) {
      return undefined;
    }
    const end = start + 1 >= (neverClosed.get(mark) ?? Infinity) ? -1 : closingOf(mark, start + 1);
    if (end < 0) {
      neverClosed.set(mark, Math.min(start + 1, neverClosed.get(mark) ?? Infinity));
      return undefined;
    }
    return { part: { kind, parts: parseInline(text.slice(start, end), depth + 1) }, end: end + mark.length };
  }

  /** Where a mark closes what it opened, looked for from a place on; -1 where it does not. */
  function closingOf(mark: string, from: number): number {
    for (let end = text.indexOf(mark, from); end >= 0; end = text.indexOf(mark, end + 1)) {
      const closes =
        !/\s/.test(text.charAt(end - 1)) &&
        (mark.length > 1 || (text.charAt(end + 1) !== mark && text.charAt(end - 1) !== mark)) &&
        (mark[0] !== '_' || !letterOrDigit.test(text.charAt(end + mark.length)));
      if (closes) return end;
    }
    return -1;
  }

  function linkAt(at: number): Found | undefined {
    const middle = depth >= deepest ? -1 : search('](', at);
    const end = middle < 0 || middle - at > longestLink ? -1 : search(')', middle);
    if (end < 0 || end - middle > longestLink) return undefined;
    const address = safeAddress(text.slice(middle + 2, end).trim());
    const inside = text.slice(at + 1, middle);
    if (address === undefined || inside.includes('[')) return undefined;
    return { part: { kind: 'link', address, parts: parseInline(inside, deepest) }, end: end + 1 };
  }

  function addressAt(at: number): Found | undefined {
    if (letterOrDigit.test(text.charAt(at - 1))) return undefined;
    const written = /^https?:\/\/[^\s<>"'`]+/i.exec(text.slice(at, at + longestLink))?.[0];
    const address = written?.replace(/[.,;:!?)\]]+$/, '');
    return address === undefined || safeAddress(address) === undefined
      ? undefined
      : {
          part: { kind: 'link', address, parts: [{ kind: 'text', text: address }] },
          end: at + address.length,
        };
  }

  function specialAt(at: number): Found | undefined {
    switch (text[at]) {
      case '`':
        return codeAt(at);
      case '*':
      case '_':
      case '~':
        return markedAt(at);
      case '[':
        return linkAt(at);
      case 'h':
      case 'H':
        return addressAt(at);
      default:
        return undefined;
    }
  }

  function closePlain(): void {
    if (plain !== '') parts.push({ kind: 'text', text: plain });
    plain = '';
  }

  for (let at = 0; at < text.length;) {
    const next = text.charAt(at + 1);
    if (text[at] === '\\' && escapable.test(next)) {
      plain += next;
      at += 2;
      continue;
    }
    const found = specialAt(at);
    if (found === undefined) {
      plain += text.charAt(at);
      at += 1;
      continue;
    }
    closePlain();
    parts.push(found.part);
    at = found.end;
  }
  closePlain();
  return parts;
}

import { type MarkdownBlock, parseMarkdown } from './blocks.ts';
import type { InlinePart } from './inline.ts';

export const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const inlineTags = { strong: 'strong', emphasis: 'em', struck: 's' } as const;

function inlineHtml(parts: readonly InlinePart[]): string {
  return parts
    .map((part) => {
      switch (part.kind) {
        case 'text':
          return escapeHtml(part.text);
        case 'code':
          return `<code>${escapeHtml(part.text)}</code>`;
        case 'strong':
        case 'emphasis':
        case 'struck':
          return `<${inlineTags[part.kind]}>${inlineHtml(part.parts)}</${inlineTags[part.kind]}>`;
        case 'link':
          return `<a href="${escapeHtml(part.address)}" rel="noopener noreferrer">${inlineHtml(part.parts)}</a>`;
        default:
          return part satisfies never;
      }
    })
    .join('');
}

function blockHtml(block: MarkdownBlock, headingOffset: number): string {
  const inside = (blocks: readonly MarkdownBlock[]) =>
    blocks.map((each) => blockHtml(each, headingOffset)).join('');
  switch (block.kind) {
    case 'heading': {
      const level = Math.min(6, block.level + headingOffset);
      return `<h${level}>${inlineHtml(block.parts)}</h${level}>`;
    }
    case 'paragraph':
      return `<p>${block.lines.map(inlineHtml).join('<br>')}</p>`;
    case 'code':
      return `<pre>${escapeHtml(block.text)}</pre>`;
    case 'quote':
      return `<blockquote>${inside(block.blocks)}</blockquote>`;
    case 'list': {
      const items = block.items.map(({ ticked, blocks }) => {
        const box = ticked === null ? '' : ticked ? '☑ ' : '☐ ';
        return `<li>${box}${inside(blocks)}</li>`;
      });
      return block.start === null
        ? `<ul>${items.join('')}</ul>`
        : `<ol start="${block.start}">${items.join('')}</ol>`;
    }
    case 'table': {
      const row = (cells: readonly (readonly InlinePart[])[], tag: string) =>
        `<tr>${cells.map((cell) => `<${tag}>${inlineHtml(cell)}</${tag}>`).join('')}</tr>`;
      return `<table>${row(block.header, 'th')}${block.rows.map((cells) => row(cells, 'td')).join('')}</table>`;
    }
    case 'rule':
      return '<hr>';
    default:
      return block satisfies never;
  }
}

/**
 * A text in Markdown as HTML in which nothing of the text is HTML.
 * @param headingOffset how far its headings are moved down, to stand below those of the page
 */
export function markdownHtml(text: string, headingOffset: number): string {
  return parseMarkdown(text)
    .map((block) => blockHtml(block, headingOffset))
    .join('\n');
}

import MarkdownIt from 'markdown-it';

/** Lines stay lines, as people write notes; what looks like HTML is text, and a picture is a link to it. */
const reader = new MarkdownIt({ html: false, linkify: true, breaks: true }).disable('image');
// Addresses that are written out, not every word with a dot, and nothing that runs.
reader.linkify.set({ fuzzyLink: false, fuzzyEmail: false });
reader.validateLink = (address) => /^(?:https?:\/\/|mailto:)/i.test(address);
reader.renderer.rules['link_open'] = (tokens, index, options, _environment, renderer) => {
  tokens[index]?.attrSet('target', '_blank');
  tokens[index]?.attrSet('rel', 'noopener noreferrer');
  return renderer.renderToken(tokens, index, options);
};
reader.core.ruler.push('headings below those of the page', ({ tokens, env }) => {
  for (const token of tokens) {
    if (!token.type.startsWith('heading_')) continue;
    token.tag = `h${Math.min(6, Number(token.tag.slice(1)) + Number(env.headingsAbove))}`;
  }
});
reader.core.ruler.push('boxes to tick', ({ tokens }) => {
  for (const [index, token] of tokens.entries()) {
    const text = token.children?.[0];
    if (!text || tokens[index - 2]?.type !== 'list_item_open') continue;
    text.content = text.content.replace(/^\[([ xX])\] /, (_box, mark) => (mark === ' ' ? '☐ ' : '☑ '));
  }
});

/** Text as it stands in HTML. */
export const escapeHtml = (text: string): string => reader.utils.escapeHtml(text);

/**
 * A text in Markdown as HTML in which nothing of the text is HTML.
 * @param headingsAbove how far its headings are moved down, to stand below those of the page
 */
export function markdownHtml(text: string, headingsAbove: number): string {
  return reader.render(text, { headingsAbove });
}

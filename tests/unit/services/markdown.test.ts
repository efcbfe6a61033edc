import fc from 'fast-check';
import { expect, test } from 'vitest';
import { markdownHtml } from '../../../src-main/services/runs/markdown.ts';

/** Between tags, lines mean nothing. */
const compact = (html: string) => html.replaceAll(/>\n/g, '>').replaceAll(/\n</g, '<');

test.each([
  ['one\ntwo\n\nthree', '<p>one<br>two</p><p>three</p>'],
  ['# 제목 #', '<h3>제목</h3>'],
  ['**bold _both_** ~~gone~~', '<p><strong>bold <em>both</em></strong> <s>gone</s></p>'],
  ['snake_case_name, 2 * 3 * 4 and **open', '<p>snake_case_name, 2 * 3 * 4 and **open</p>'],
  [
    '[paper](https://arxiv.org/abs/2106.09685), https://example.org/a_b, train.py.',
    '<p><a href="https://arxiv.org/abs/2106.09685" target="_blank" rel="noopener noreferrer">paper</a>, ' +
      '<a href="https://example.org/a_b" target="_blank" rel="noopener noreferrer">https://example.org/a_b</a>, train.py.</p>',
  ],
  ['- a\n- [x] b\n- [ ] c', '<ul><li>a</li><li>☑ b</li><li>☐ c</li></ul>'],
  [
    '![a](https://a.org/b.png)',
    '<p>!<a href="https://a.org/b.png" target="_blank" rel="noopener noreferrer">a</a></p>',
  ],
])('%j', (text, html) => {
  expect(compact(markdownHtml(text, 2))).toBe(html);
});

test.each([
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '[x](javascript:alert(1))',
  '[x](data:text/html;base64,PHNjcmlwdD4=)',
  '[x](https://a" onmouseover="alert(1))',
  'https://a"onmouseover="alert(1)',
  '```\n</pre><script>\n```',
  '# <svg onload=alert(1)>',
])('%s stays text', (text) => {
  const html = markdownHtml(text, 2);
  expect(html).not.toMatch(/<(?:script|img|svg)|href="(?!https?:|mailto:)|<[^>]*\son\w+=/i);
});

test('every text is something, and its tags are ours', () => {
  const piece = fc.constantFrom(
    ...[
      '*',
      '**',
      '_',
      '`',
      '~~',
      '[',
      '](',
      ')',
      '> ',
      '- ',
      '1. ',
      '# ',
      '\n',
      '  ',
      '|',
      '---',
      '<b>',
      'word',
      '\\',
    ],
  );
  const known =
    /^<\/?(?:p|br|h[3-6]|ul|ol|li|pre|code|em|strong|s|hr|blockquote|table|thead|tbody|tr|th|td|a)\b/;
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const tags = markdownHtml(pieces.join(''), 2).match(/<[^>]*/g) ?? [];
      expect(tags.filter((tag) => !known.test(tag))).toEqual([]);
    }),
  );
});

test('notes as long as they may be are read in no time, whatever stands in them', () => {
  for (const piece of [
    '*',
    '[',
    '](',
    '`',
    '**a ',
    '_a',
    '> ',
    '- ',
    '|',
    '[a](',
    'https://',
    '\\',
    '# ',
    ' ',
    '-',
    '[x](a',
    '~~a',
    '```\n',
    '|\n-\n',
    '- a\n  ',
  ]) {
    const text = `# ${piece.repeat(100_000 / piece.length)}](x|\n${piece.repeat(100_000 / piece.length)}`;
    expect(markdownHtml(text, 2).length).toBeGreaterThan(0);
  }
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { markdownHtml } from '../../../src-main/contract/markdown/html.ts';

test.each([
  ['one\ntwo\n\nthree', '<p>one<br>two</p>\n<p>three</p>'],
  ['# 제목 #', '<h3>제목</h3>'],
  ['**bold _both_** ~~gone~~', '<p><strong>bold <em>both</em></strong> <s>gone</s></p>'],
  ['snake_case_name, 2 * 3 * 4 and **open', '<p>snake_case_name, 2 * 3 * 4 and **open</p>'],
  ['`a **b**` and ``c ` d``', '<p><code>a **b**</code> and <code>c ` d</code></p>'],
  ['\\*not\\* emphasis', '<p>*not* emphasis</p>'],
  [
    '[paper](https://arxiv.org/abs/2106.09685), https://example.org/a_b.',
    '<p><a href="https://arxiv.org/abs/2106.09685" rel="noopener noreferrer">paper</a>, ' +
      '<a href="https://example.org/a_b" rel="noopener noreferrer">https://example.org/a_b</a>.</p>',
  ],
  ['- a\n  - b\n- [x] c', '<ul><li><p>a</p><ul><li><p>b</p></li></ul></li><li>☑ <p>c</p></li></ul>'],
  ['3. x\n\n4. y', '<ol start="3"><li><p>x</p></li></ol>\n<ol start="4"><li><p>y</p></li></ol>'],
  ['> said\n> twice', '<blockquote><p>said<br>twice</p></blockquote>'],
  ['```python\n# no heading <b>\n```\nafter', '<pre># no heading &lt;b&gt;</pre>\n<p>after</p>'],
  [
    '| rate | acc |\n|---|--:|\n| 1e-3 | 0.8 |\n| 1e-4 |',
    '<table><tr><th>rate</th><th>acc</th></tr><tr><td>1e-3</td><td>0.8</td></tr><tr><td>1e-4</td><td></td></tr></table>',
  ],
  ['---', '<hr>'],
])('%j', (text, html) => {
  expect(markdownHtml(text, 2)).toBe(html);
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
  const known = /^<\/?(?:p|br|h[3-6]|ul|ol|li|pre|code|em|strong|s|hr|blockquote|table|tr|th|td|a)\b/;
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

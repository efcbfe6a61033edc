import { expect, test } from 'vitest';
import { licenseFromCard } from '../../../src-main/services/models/modelCard.ts';

test.each([
  ['---\nlicense: mit\n---\n# Model', 'mit'],
  ['---\r\ntags:\r\n- x\r\nlicense: "apache-2.0"\r\n---\r\n', 'apache-2.0'],
  ['# Model\nlicense: mit', undefined],
  ['---\ntags: []\n---\nlicense: mit', undefined],
  ['---\nlicense:\n---\n', undefined],
  ['', undefined],
])('the licence of %j is %s', (card, license) => {
  expect(licenseFromCard(card)).toBe(license);
});

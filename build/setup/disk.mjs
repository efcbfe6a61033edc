/** Room on the disk, looked at before it is needed. */
import * as files from 'node:fs/promises';
import { SetupError } from './messages.mjs';
import { formatBytes } from './progress.mjs';

/**
 * @param {string} folder
 * @returns {Promise<number | null>} null where this Node cannot tell: `statfs` came with 18.15
 */
export async function freeBytes(folder) {
  if (typeof files.statfs !== 'function') return null;
  const { bavail, bsize } = await files.statfs(folder);
  return bavail * bsize;
}

/**
 * @param {string} checkout
 * @param {number} needed in bytes
 * @throws {SetupError} where the checkout's disk has less room
 */
export async function requireSpace(checkout, needed) {
  const free = await freeBytes(checkout);
  if (free !== null && free < needed) {
    throw new SetupError('checkoutDiskFull', { folder: checkout, needed: formatBytes(needed) });
  }
}

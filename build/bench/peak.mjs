/** The fastest matrix products this machine does, by either side. */
import { startOwn, startReference } from './programs.mjs';

/** @param {import('./contestant.mjs').Contestant} program */
async function readPeak(program) {
  try {
    const { fp32, bf16, device } = await program.next();
    return { fp32: Number(fp32), bf16: Number(bf16), device: String(device ?? '') };
  } finally {
    await program.end();
  }
}

/** @param {boolean} withReference @returns {Promise<import('./figures.mjs').Peak & { device: string }>} */
export async function measurePeak(withReference) {
  const own = await readPeak(startOwn('matmul'));
  if (!withReference) return own;
  const reference = await readPeak(startReference('bench_matmul'));
  return {
    device: own.device,
    fp32: Math.max(own.fp32, reference.fp32),
    bf16: Math.max(own.bf16, reference.bf16),
  };
}

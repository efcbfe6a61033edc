import type { IncomingMessage } from 'node:http';
import { type Problem, describeProblem } from '../../contract/errors/index.ts';

const limitBytes = 4096;

/** Reads a small JSON body, or says with which status and why it is refused. */
export async function readJsonBody(
  request: IncomingMessage,
): Promise<{ value: unknown } | { status: number; problem: Problem }> {
  const type = request.headers['content-type'] ?? '';
  if (type.split(';')[0]?.trim().toLowerCase() !== 'application/json') {
    return { status: 415, problem: describeProblem('host.jsonOnly', { type }) };
  }
  const tooLarge = { status: 413, problem: describeProblem('host.bodyTooLarge', { limitBytes }) };
  if (Number(request.headers['content-length'] ?? 0) > limitBytes) return tooLarge;
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    sizeBytes += chunk.length;
    if (sizeBytes > limitBytes) return tooLarge;
    chunks.push(chunk);
  }
  try {
    return { value: JSON.parse(Buffer.concat(chunks).toString('utf8')) };
  } catch {
    return { status: 400, problem: describeProblem('host.malformedRequest', { detail: 'not JSON' }) };
  }
}

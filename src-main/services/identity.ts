/** A new id: short enough to type, long enough not to meet another in one data folder. */
export function newId(): string {
  return [...crypto.getRandomValues(new Uint8Array(6))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
}

/** Now, as stored and shown. */
export function timestamp(): string {
  return new Date().toISOString();
}

/** SHA-256 of a text in hex. */
export async function hashText(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

import { TunebenchError } from '../contract/errors/index.ts';

// Device names Windows reserves in every folder, with or without an extension.
const reservedNames = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?$/i;
const forbiddenCharacters = /[\u0000-\u001f\u007f<>:"|?*/\\]/;
const maximumNameBytes = 200;

function isSafePart(part: string): boolean {
  return (
    part !== '' &&
    part !== '.' &&
    part !== '..' &&
    !forbiddenCharacters.test(part) &&
    !/[. ]$/.test(part) &&
    !reservedNames.test(part) &&
    part.isWellFormed() &&
    new TextEncoder().encode(part).byteLength <= maximumNameBytes
  );
}

/** The parts of a relative name with `/` between them; throws `platform.badName` where it could leave its folder on any system. */
export function nameParts(name: string): string[] {
  const parts = name.split('/');
  if (!parts.every(isSafePart)) throw new TunebenchError('platform.badName', { name });
  return parts;
}

/** A name from outside as one file name that is safe on every system; throws `platform.badName` otherwise. */
export function safeFileName(name: string): string {
  const composed = name.normalize('NFC');
  if (!isSafePart(composed)) throw new TunebenchError('platform.badName', { name });
  return composed;
}

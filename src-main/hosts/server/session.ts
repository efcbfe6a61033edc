import { randomBytes, timingSafeEqual, createHash } from 'node:crypto';

function sameSecret(left: string, right: string): boolean {
  // Hashing first makes the lengths equal, which timingSafeEqual needs.
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}

/** The secret of one start of the server, and the cookie a browser gets in exchange for it. */
export class Session {
  /** 256 random bits, shown once in the printed address. */
  readonly token = randomBytes(32).toString('base64url');
  readonly #cookieSecret = randomBytes(32).toString('base64url');
  readonly #cookieName: string;

  /** @param port cookies are shared between ports of one host, so the name carries the port */
  constructor(port: number) {
    this.#cookieName = `tunebench-${port}`;
  }

  accepts(token: string): boolean {
    return sameSecret(token, this.token);
  }

  /** The `Set-Cookie` value: out of reach of scripts, and never sent along from other sites. */
  cookie(): string {
    return `${this.#cookieName}=${this.#cookieSecret}; HttpOnly; SameSite=Strict; Path=/`;
  }

  /** Whether a `Cookie` header carries this session's cookie. */
  isSignedIn(cookieHeader: string | undefined): boolean {
    const prefix = `${this.#cookieName}=`;
    return (cookieHeader ?? '')
      .split(';')
      .map((part) => part.trim())
      .some((part) => part.startsWith(prefix) && sameSecret(part.slice(prefix.length), this.#cookieSecret));
  }
}

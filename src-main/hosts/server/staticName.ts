const contentTypes: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  mjs: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  json: 'application/json; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  ico: 'image/x-icon',
  woff2: 'font/woff2',
  txt: 'text/plain; charset=utf-8',
};

/**
 * The file of the interface a request path names, relative and with `/` between parts. The path is decoded exactly
 * once; what decodes to a backslash, a NUL, a drive, a hidden name or a still-encoded character names nothing.
 */
export function staticFileName(requestPath: string): { path: string; contentType: string } | undefined {
  if (requestPath.length > 1024) return undefined;
  let decoded: string;
  try {
    decoded = decodeURIComponent(requestPath);
  } catch {
    return undefined;
  }
  if (!decoded.startsWith('/') || /[\\\0:%]/.test(decoded)) return undefined;
  if (decoded.split('/').some((part) => part.startsWith('.'))) return undefined;
  const path = (decoded.endsWith('/') ? `${decoded}index.html` : decoded).slice(1);
  const ending = /\.([a-z0-9]+)$/i.exec(path)?.[1] ?? '';
  const contentType = contentTypes[ending.toLowerCase()];
  return contentType === undefined || path.startsWith('/') ? undefined : { path, contentType };
}

import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import tailwindcss from '@tailwindcss/vite';
import type { UserConfig } from 'vite';

const root = fileURLToPath(new URL('.', import.meta.url));

/**
 * The window: relative addresses, so that the same files work over http and over the app's own protocol, and no
 * inlined assets, so that the content security policy can stay strict.
 */
const renderer = {
  root: `${root}src-renderer`,
  base: './',
  plugins: [svelte(), tailwindcss()],
  build: {
    outDir: `${root}out/renderer`,
    emptyOutDir: true,
    target: ['chrome111', 'firefox128', 'safari16.4'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
    reportCompressedSize: false,
  },
} satisfies UserConfig;

/**
 * One file for two programs: `vite build -c electron.vite.config.ts` reads the top level (the window alone);
 * electron-vite reads the named parts.
 */
export default { ...renderer, renderer };

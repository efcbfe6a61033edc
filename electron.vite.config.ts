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
    // electron-vite does not look for it in the root.
    rollupOptions: {
      input: `${root}src-renderer/index.html`,
      // Chromium compiles the whole file beside the page's start, not each function when it is first called, which is
      // when somebody waits (https://v8.dev/blog/explicit-compile-hints). For others it is a comment.
      output: { postBanner: '//# allFunctionsCalledOnLoad' },
    },
  },
} satisfies UserConfig;

/**
 * Electron's own two programs, one file each. The target is that of the oldest shell they are tried in, and built-in
 * modules go by their plain names, which that shell knows.
 */
function shellProgram(name: 'main' | 'preload') {
  return {
    build: {
      outDir: `${root}out/${name}`,
      emptyOutDir: true,
      target: 'node12',
      minify: false,
      reportCompressedSize: false,
      rollupOptions: {
        input: `${root}src-main/hosts/electron/${name}.ts`,
        external: ['electron', 'fs', 'path', 'child_process'],
        output: { format: 'cjs', entryFileNames: 'index.cjs' },
      },
    },
  } satisfies UserConfig;
}

/**
 * One file for two programs: `vite build -c electron.vite.config.ts` reads the top level (the window alone);
 * electron-vite reads the named parts.
 */
export default {
  ...renderer,
  // electron-vite takes one target only; it is among those of the browsers.
  renderer: { ...renderer, build: { ...renderer.build, target: 'chrome111' } },
  main: shellProgram('main'),
  preload: shellProgram('preload'),
};

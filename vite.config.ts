/**
 * @file Builds the page on its own, without Electron: `npm run build:page`. The web host and the desktop serve the
 * same files; electron.vite.config.ts takes this configuration as its renderer.
 */
import { join, resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: join(import.meta.dirname, 'src-renderer'),
  // Relative: the page is served from http://127.0.0.1:PORT/ and from app://novo/.
  base: './',
  publicDir: false,
  plugins: [react()],
  build: {
    // NOVO_OUT: another folder than out/, for a build that disturbs nobody.
    outDir: resolve(import.meta.dirname, process.env['NOVO_OUT'] ?? 'out', 'renderer'),
    emptyOutDir: true,
    minify: 'oxc',
    // The policy of both hosts refuses inline scripts and `data:` fonts: everything is a file.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 2000,
    sourcemap: false,
  },
  worker: { format: 'es' },
});

/**
 * @file Builds the desktop host into out/: `npm run build`. Packages of `dependencies` are not bundled: the native ones
 * (better-sqlite3, onnxruntime-node, sharp) are found in node_modules at run time, as by every other host.
 */
import { join, resolve } from 'node:path';
import { defineConfig } from 'electron-vite';
import page from './vite.config.ts';

const source = (file: string) => join(import.meta.dirname, 'src-main', file);
const out = (folder: string) => resolve(import.meta.dirname, process.env['NOVO_OUT'] ?? 'out', folder);

export default defineConfig({
  main: {
    build: {
      outDir: out('main'),
      emptyOutDir: true,
      // The engine is a process of its own, and so a file of its own.
      rolldownOptions: {
        input: { main: source('main.ts'), 'engine-process': source('engine/engine-process.ts') },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: out('preload'),
      emptyOutDir: true,
      // A sandboxed preload script is CommonJS, in one file.
      rolldownOptions: {
        input: { preload: source('preload.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    ...page,
    build: {
      ...page.build,
      minify: 'oxc',
      rolldownOptions: { input: join(import.meta.dirname, 'src-renderer', 'index.html') },
    },
  },
});

// One build: the main process and its threads, the preload, the pages. Packages in plain JavaScript are bundled,
// which saves hundreds of file look-ups at every start; what carries native code stays outside.
import path from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

const at = (file: string) => path.join(import.meta.dirname, file);

export default defineConfig({
  main: {
    build: {
      outDir: at('out/main'),
      externalizeDeps: false,
      target: 'node22.18',
      rolldownOptions: {
        // What ends in .node is only tried for, by the SSH of dockerode, which goes on without it.
        external: ['better-sqlite3', 'electron', 'node-pty', /\.node$/],
        input: {
          main: at('electron/main.ts'),
          daemon: at('electron/daemon.ts'),
          cli: at('electron/cli/main.ts'),
          writer: at('electron/writer.ts'),
          reader: at('electron/reader.ts'),
        },
        output: {
          entryFileNames: '[name].js',
          // Beside the entries, so that a path relative to import.meta.url means the same in every chunk.
          chunkFileNames: '[name]-[hash].js',
          // A single letter beyond Latin-1 doubles what the text of its file takes in memory, in each thread.
          minify: {
            compress: false,
            mangle: false,
            codegen: { removeWhitespace: false, asciiOnly: true },
          },
          comments: { legal: true, annotation: false, jsdoc: false },
        },
      },
    },
  },
  preload: {
    build: {
      outDir: at('out/preload'),
      externalizeDeps: false,
      rolldownOptions: {
        input: { preload: at('electron/preload.ts') },
        // A sandboxed preload cannot be an ES module.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: at('renderer'),
    plugins: [react()],
    build: {
      outDir: at('out/renderer'),
      minify: true,
      rolldownOptions: { input: at('renderer/index.html') },
      // The pages come from this machine: one file is quicker than many.
      chunkSizeWarningLimit: 1500,
      // The pages' Content-Security-Policy knows no data: addresses.
      assetsInlineLimit: 0,
    },
  },
});

import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { pruneUnusedStyles } from '../../../apps/web/build/prune-unused-styles.ts'

/** Builds the page as it is built for people, with the scripted feed in place of the socket. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [react(), pruneUnusedStyles()],
  logLevel: 'error',
  build: {
    target: 'es2023',
    outDir: fileURLToPath(new URL('../../../artifacts/bench-web', import.meta.url)),
    emptyOutDir: true,
    reportCompressedSize: false,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
})

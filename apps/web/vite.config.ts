import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { pruneUnusedStyles } from './build/prune-unused-styles.ts'

/** Where the server listens by default; only the development server needs it. */
const SERVER = 'http://127.0.0.1:8730'

export default defineConfig(({ mode }) => ({
  plugins: [react(), pruneUnusedStyles()],
  build: {
    target: 'es2023',
    outDir: mode === 'stories' ? 'artifacts/stories' : 'dist',
    emptyOutDir: true,
    reportCompressedSize: false,
    // The strict content security policy allows neither data: fonts nor data: scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: { input: mode === 'stories' ? 'stories.html' : 'index.html' },
  },
  server: {
    proxy: {
      '/api': { target: SERVER },
      '/socket.io': { target: SERVER, ws: true },
    },
  },
}))

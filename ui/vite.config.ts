import { svelte } from '@sveltejs/vite-plugin-svelte';
import { svelteTesting } from '@testing-library/svelte/vite';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

/** Stops a build that would ship the pretended node. */
function refuseFake(): Plugin {
  return {
    name: 'refuse-fake',
    apply: 'build',
    generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== 'chunk') continue;
        const fake = chunk.moduleIds.find((id) => id.includes('/host/fake'));
        if (fake !== undefined) this.error(`${fake} must not be part of the app`);
      }
    },
  };
}

export default defineConfig({
  plugins: [svelte(), svelteTesting(), refuseFake()],
  clearScreen: false,
  server: { port: 1420, strictPort: true, host: 'localhost', fs: { allow: ['..'] } },
  resolve: { alias: { $lib: fileURLToPath(new URL('./src/lib', import.meta.url)) } },
  build: {
    // WebKitGTK 2.50 is the reference engine; Safari 18 is the nearest name for what it can do.
    target: 'safari18',
    // The content policy allows no data: URLs, so nothing is inlined.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
  },
  test: {
    environment: 'jsdom',
    testTimeout: 20_000,
    include: ['src/**/*.test.ts'],
    setupFiles: ['./src/test-setup.ts'],
    // One window for all files: making a new one each time costs more than all tests together.
    pool: 'threads',
    isolate: false,
    maxWorkers: 1,
  },
});

import path from 'node:path'
import { defineConfig } from 'vitest/config'

const at = (relative: string) => path.join(import.meta.dirname, relative)
const servers = at('tests/support/global-setup.ts')

export default defineConfig({
  resolve: {
    alias: [
      { find: /^@\//, replacement: at('./') },
      // Its real module throws outside a React server; what it guards is checked by `next build`.
      { find: 'server-only', replacement: at('tests/support/server-only.ts') },
    ],
  },
  test: {
    // Two cores: more workers would only make every test slower than its deadline.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    projects: [
      { extends: true, test: { name: 'unit', include: ['tests/unit/**/*.test.{ts,tsx}'] } },
      { extends: true, test: { name: 'integration', include: ['tests/integration/**/*.test.ts'], globalSetup: servers } },
      { extends: true, test: { name: 'isolation', include: ['tests/isolation/**/*.test.ts'], globalSetup: servers } },
    ],
  },
})

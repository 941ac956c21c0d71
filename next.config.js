// The three body limits must agree: a larger body is cut off silently by Next's proxy layer once middleware exists
// (decision record 0006; the upload test of tests/e2e holds it). Keep `importBytesMax` in lib/imports/limits.ts below the action's.
const megabytes = (n) => `${n}mb`

/** @type {import('next').NextConfig} */
export default {
  output: 'standalone',
  poweredByHeader: false,
  reactCompiler: true,
  reactStrictMode: true,
  images: { unoptimized: true },
  turbopack: { root: import.meta.dirname },
  outputFileTracingRoot: import.meta.dirname,
  outputFileTracingExcludes: { 'next-server': ['./node_modules/sharp/**/*', './node_modules/@img/**/*'] },
  serverExternalPackages: [
    'pg',
    'ioredis',
    'prom-client',
    '@prisma/adapter-pg',
    '@node-rs/argon2',
    'pino',
    'rate-limiter-flexible',
  ],
  allowedDevOrigins: ['*.localhost'],
  // Set at build time by a deployment, so that a page loaded before a rolling deploy still finds its actions.
  deploymentId: process.env.DEPLOYMENT_ID || undefined,
  // Title and description come with the first bytes of a page for everybody, so that a reader that runs no scripts has a title too.
  // (Next's own shell of a refused page still streams them: which comes first there is chance, the same for every refusal.)
  htmlLimitedBots: /.*/,
  experimental: {
    // Each page loads its code when it is first asked for: loading all of it at the start held the first page up by 85 of 580 ms.
    preloadEntriesOnStart: false,
    serverActions: { bodySizeLimit: megabytes(25) },
    proxyClientMaxBodySize: megabytes(26),
  },
}

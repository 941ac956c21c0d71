import 'server-only'
import { readRunOptions, runLocally } from '@/lib/ops/local-run'

/** `npm run demo`: the built product with two schools to look at. */
try {
  // Exits at once: what the loaded schools left connected (Redis) has nothing more to do.
  process.exit(await runLocally('built', readRunOptions(process.argv.slice(2), process.env)))
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
  process.exitCode = 1
}

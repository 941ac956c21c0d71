import 'server-only'
import { readRunOptions, runLocally } from '@/lib/ops/local-run'

/** `npm run dev`: the same, from the sources as they change. */
try {
  // Exits at once: what the loaded schools left connected (Redis) has nothing more to do.
  process.exit(await runLocally('development', readRunOptions(process.argv.slice(2), process.env)))
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
  process.exitCode = 1
}

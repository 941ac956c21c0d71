import { buildWhenNeeded } from '@/lib/ops/build.mjs'
import { type LocalApp, startApp } from '@/lib/ops/local-app'
import { applyEnv, type World } from './open-world'

/**
 * The built application on a world, for tests that come through the front door; builds first when the sources changed. This
 * process then shares its root domain, so that what a test signs is good there. Stop it in afterAll, before the world is closed.
 */
export async function startBuiltApp(world: World, env: Readonly<Record<string, string>> = {}): Promise<LocalApp> {
  await buildWhenNeeded()
  const app = await startApp({ env: { ...world.env, LOG_LEVEL: 'info', ...env }, output: 'kept' })
  world.noteProcess(app.pid, 'next')
  applyEnv({ ...world.env, ...env, PORT: app.env.PORT ?? '', ROOT_DOMAIN: app.env.ROOT_DOMAIN ?? '' })
  return app
}

import { onApiHost } from '@/lib/api/route'
import { notFound } from '@/lib/errors'

/** Everything under /api/v1 that is no route: a problem document, so that a client never has to read a page. */
const handler = onApiHost(async () => {
  throw notFound('no such route')
})

export { handler as DELETE, handler as GET, handler as PATCH, handler as POST, handler as PUT }

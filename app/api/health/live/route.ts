export const dynamic = 'force-dynamic'

/** The process answers. It says nothing of databases: restarting does not mend those. */
export function GET(): Response {
  return Response.json({ status: 'live' }, { headers: { 'cache-control': 'no-store' } })
}

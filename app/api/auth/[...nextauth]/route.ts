import type { NextRequest } from 'next/server'
import nextAuth from 'next-auth'
import { authOptionsOfRequest } from '@/lib/auth/config'

type RouteContext = Readonly<{ params: Promise<{ nextauth: string[] }> }>

/** next-auth's own endpoints, with the options of the host that was asked: one school's, or the console's. */
async function handler(request: NextRequest, context: RouteContext): Promise<Response> {
  return nextAuth(request, context, await authOptionsOfRequest())
}

export { handler as GET, handler as POST }

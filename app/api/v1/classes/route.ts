import { operations } from '@/lib/api/operations'
import { apiRoute } from '@/lib/api/route'
import { listClasses } from '@/lib/gradebook/classes'

export const GET = apiRoute(operations.listClasses, ({ ctx, viewer, query }) => listClasses(ctx, viewer, query))

import { operations } from '@/lib/api/operations'
import { apiRoute } from '@/lib/api/route'
import { listStudents } from '@/lib/people/students'

export const GET = apiRoute(operations.listStudents, ({ ctx, viewer, query }) => listStudents(ctx, viewer, query))

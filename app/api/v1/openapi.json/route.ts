import { openApiDocument } from '@/lib/api/openapi'
import { apiAddress, jsonResponse, onApiHost } from '@/lib/api/route'

export const GET = onApiHost(async (_request, _context, requestId) => jsonResponse(200, openApiDocument(apiAddress()), requestId))

import { type DownloadFile, fileHeaders } from '@/lib/file-headers'

/** A file as the answer to a request. */
export function fileResponse(file: DownloadFile): Response {
  return new Response(new Uint8Array(file.bytes), { headers: fileHeaders(file) })
}

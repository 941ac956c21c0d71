/** A CSV for download. `nosniff` and the attachment keep a browser from ever showing what a school wrote as a page. */
export function fileResponse({ fileName, bytes }: Readonly<{ fileName: string; bytes: Uint8Array }>): Response {
  const plainName = fileName.replace(/[^\w.-]+/g, '_')
  return new Response(new Uint8Array(bytes), {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="${plainName}"; filename*=UTF-8''${encodeURIComponent(fileName)}`,
      'content-length': String(bytes.byteLength),
      'cache-control': 'private, no-store',
      'x-content-type-options': 'nosniff',
    },
  })
}

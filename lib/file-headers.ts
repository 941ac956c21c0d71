/** A file for download; a CSV unless it says otherwise. */
export type DownloadFile = Readonly<{ fileName: string; bytes: Uint8Array; mediaType?: string }>

/** Headers of a download. `nosniff` and the attachment keep a browser from ever showing what a school wrote as a page. Pure. */
export function fileHeaders({ fileName, bytes, mediaType }: DownloadFile): Record<string, string> {
  const plainName = fileName.replace(/[^\w.-]+/g, '_')
  return {
    'content-type': mediaType ?? 'text/csv; charset=utf-8',
    'content-disposition': `attachment; filename="${plainName}"; filename*=UTF-8''${encodeURIComponent(fileName)}`,
    'content-length': String(bytes.byteLength),
    'cache-control': 'private, no-store',
    'x-content-type-options': 'nosniff',
  }
}

/**
 * @file What a page loads by its address, the same in every host:
 *
 *   /media/ID        a picture of the open project                api/media.ts
 *   /exports/NAME    a file that was exported from it             web/exports.ts
 *   anything else    the built page                               web/page.ts
 */
import { type ImageResolver, serveMedia } from '../api/media.ts';
import { type ExportResolver, serveExport } from './exports.ts';
import { servePage } from './page.ts';

export type Content = {
  readonly images: ImageResolver;
  readonly exports: ExportResolver;
  /** Folder of the built page, if it was built. */
  readonly files: string | undefined;
  readonly log: (line: string) => void;
};

/** `path` is that of the request, decoded and checked by `decodePath`. Never rejects for what a page may ask. */
export function serveContent(request: Request, path: string, content: Content): Promise<Response> {
  if (path.startsWith('/media/')) return serveMedia(request, content.images, content.log);
  if (path.startsWith('/exports/')) return serveExport(request, path.slice('/exports/'.length), content.exports);
  return servePage(content.files, path, request.headers.get('if-none-match') ?? undefined);
}

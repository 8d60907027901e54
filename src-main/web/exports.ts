/** @file Files that were exported, by the name that the export answered with, as downloads. */
import { openAsBlob } from 'node:fs';
import { errorResponse } from '../api/media.ts';

/** The file of that name among the exports of the open project, or null where there is none. */
export type ExportResolver = (name: string) => string | null | Promise<string | null>;

export async function serveExport(request: Request, name: string, resolve: ExportResolver): Promise<Response> {
  const gone = () =>
    errorResponse({
      code: 'not-found',
      message: 'There is no export of this name.',
      hint: 'Export again; exports are those of the project that is open.',
    });
  const file = isPlainName(name) ? await resolve(name) : null;
  if (file === null) return gone();
  try {
    const blob = await openAsBlob(file);
    const headers = {
      'Content-Type': name.endsWith('.json') ? 'application/json' : 'application/octet-stream',
      'Content-Length': String(blob.size),
      // For saving, never for showing: what is in the file was written by people. RFC 6266 and 8187 for the name.
      'Content-Disposition': `attachment; filename*=UTF-8''${encodeRfc8187(name)}`,
      'Cache-Control': 'private, no-store',
    };
    return new Response(request.method === 'HEAD' ? null : blob.stream(), { headers });
  } catch {
    return gone();
  }
}

/** One name of a file, on every system: no folders, drives or streams, nothing hidden. */
function isPlainName(name: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return name !== '' && !name.startsWith('.') && !/[/\\:\u0000-\u001f]/.test(name);
}

function encodeRfc8187(name: string): string {
  return encodeURIComponent(name).replace(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

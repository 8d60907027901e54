/** @file Which format a file or folder is, from its content: what a person drops is seldom named by format. */
import { open, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AppError } from '../contract/errors.ts';
import type { ImportFormat } from '../contract/import.ts';

/** Bytes at the head of a JSON file in which its keys are looked for; LabelMe has its photo in it, after the shapes. */
const head = 1 << 16;
/** Files of a folder that are looked into. */
const looked = 20;

/** @throws AppError not-found; bad-request where nothing that can be imported is there. */
export async function guessFormat(path: string): Promise<ImportFormat> {
  const info = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    throw new AppError('not-found', `There is no ${path}.`, { hint: 'Check the path.', cause });
  });
  const found = info.isDirectory() ? await ofFolder(path) : await ofFile(path);
  if (found) return found;
  throw new AppError('bad-request', `What ${basename(path)} is could not be told from its content.`, {
    hint: 'Name the format: coco, labelme, reasonseg, yolo-seg or project. COCO is a file, the others are folders.',
  });
}

async function ofFolder(folder: string): Promise<ImportFormat | null> {
  const names = (await readdir(folder).catch(() => [])).sort();
  if (names.includes('project.sqlite')) return 'project';
  const lower = names.map((name) => name.toLowerCase());
  const json = names.filter((name) => name.toLowerCase().endsWith('.json') && !name.startsWith('.'));
  for (const name of json.slice(0, looked)) {
    const found = await ofFile(join(folder, name));
    if (found === 'labelme' || found === 'reasonseg') return found;
  }
  if (lower.some((name) => /^(data|dataset|classes)\.(ya?ml|txt)$/.test(name)) || lower.includes('labels')) {
    return 'yolo-seg';
  }
  for (const name of names.filter((each) => each.endsWith('.txt')).slice(0, looked)) {
    if (/^\d+( -?[\d.e+-]+){4,}\s*$/m.test(await headOf(join(folder, name)))) return 'yolo-seg';
  }
  for (const split of ['train', 'val', 'test']) {
    const inside = lower.includes(split) ? await ofFolder(join(folder, names[lower.indexOf(split)]!)) : null;
    if (inside && inside !== 'project') return inside;
  }
  return null;
}

async function ofFile(file: string): Promise<ImportFormat | null> {
  if (/\.ya?ml$/i.test(file)) return 'yolo-seg';
  if (basename(file) === 'project.sqlite') return 'project';
  const text = await headOf(file);
  if (!/^\ufeff?\s*\{/.test(text)) return null;
  const has = (key: string) => text.includes(`"${key}"`);
  if (has('shapes')) return has('text') && !has('imagePath') ? 'reasonseg' : 'labelme';
  if (has('is_sentence')) return 'reasonseg';
  if (has('imagePath') || has('imageData')) return 'labelme';
  return has('images') || has('annotations') || has('licenses') || has('categories') ? 'coco' : null;
}

async function headOf(file: string): Promise<string> {
  const handle = await open(file, 'r').catch(() => null);
  if (!handle) return '';
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(head), 0, head, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } catch {
    return '';
  } finally {
    await handle.close();
  }
}

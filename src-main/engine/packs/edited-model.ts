/**
 * @file The edited graph of a pack's model as a file, made once and kept beside the user's data.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../contract/errors.ts';
import { writeAtomic } from '../../files/atomic.ts';
import { editGraph, type GraphEdit } from './edit-graph.ts';
import { remedy, resolveFile } from './files.ts';
import { dataFolder, type Environment, privateTemporaryFolder } from './folders.ts';
import type { InstalledPack } from './manifest.ts';

/** Raised when editGraph's result for the same input changes, so that older cached models are made again. */
const editVersion = 1;

/**
 * Absolute path of the model file that the runtime should load: the declared file itself where `spec` has no edit,
 * else its edited copy. The copy's name holds the hashes of the source, of the edit and of its own content, so one
 * that is out of date is never found and one that is damaged is noticed, removed and made again.
 * Throws AppError: 'bad-pack' where the source is missing or altered or the edit does not fit it, 'io' where
 * neither the data folder nor the system's temporary folder can be written.
 */
export async function editedModel(
  installed: InstalledPack,
  spec: { readonly file: string; readonly edit?: GraphEdit | undefined },
  env: Environment = process.env,
): Promise<string> {
  const source = resolveFile(installed, spec.file);
  if (!spec.edit) return source;
  const declared = installed.pack.files.find((file) => file.path === spec.file)!.sha256;
  const edit = sha256(JSON.stringify([editVersion, spec.edit.outputs, spec.edit.freeBatch]));
  const prefix = `${declared.slice(0, 16)}-${edit.slice(0, 16)}-`;
  const temporary = privateTemporaryFolder();
  const folders = [join(dataFolder(env), 'cache'), ...(temporary ? [join(temporary, 'cache')] : [])];
  for (const folder of folders) {
    const cached = await intactCopy(folder, prefix);
    if (cached) return cached;
  }

  const model = await readFile(source);
  if (sha256(model) !== declared) {
    throw new AppError(
      'bad-pack',
      `Pack "${installed.pack.id}": the file ${spec.file} is not the one that was declared.`,
      {
        hint: remedy(installed.pack.id, installed.bundled),
      },
    );
  }
  return store(editGraph(model, spec.edit), prefix, folders);
}

/** The copy whose content has the hash in its name. Copies of this source and edit that have not are removed. */
async function intactCopy(folder: string, prefix: string): Promise<string | undefined> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((candidate) => candidate.startsWith(prefix) && candidate.endsWith('.onnx'))) {
    const path = join(folder, name);
    const content = await readFile(path).catch(() => undefined);
    if (content && name === `${prefix}${sha256(content)}.onnx`) return path;
    await rm(path, { force: true }).catch(() => undefined);
  }
  return undefined;
}

async function store(model: Uint8Array, prefix: string, folders: readonly string[]): Promise<string> {
  let failure: unknown;
  for (const folder of folders) {
    const path = join(folder, `${prefix}${sha256(model)}.onnx`);
    try {
      // Only this user may write here, since what lies here is loaded and run.
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await writeAtomic(path, model);
      return path;
    } catch (error) {
      failure = error;
    }
  }
  throw new AppError(
    'io',
    `The edited model could not be stored in ${folders.join(' or ')}: ${(failure as Error).message}`,
    {
      hint: 'Make room or grant access there, or set NOVO_HOME to a folder that can be written.',
      cause: failure,
    },
  );
}

function sha256(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex');
}

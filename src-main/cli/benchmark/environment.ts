/** @file Where and with what a benchmark ran: what a reader of its figures must know to get them again. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { arch, availableParallelism, cpus, release, totalmem, type } from 'node:os';
import { join, posix, relative } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';

const root = join(import.meta.dirname, '../../..');

export const environmentSchema = z.object({
  /** Version of the application. */
  app: z.string(),
  /** Of a checkout, with "+" where files were changed; null for a copy without git. */
  commit: z.string().nullable(),
  /** SHA-256 of the source that makes masks: see `codeHash`. */
  code: z.string(),
  node: z.string(),
  onnxruntime: z.string(),
  /** The provider really used, by segmenter. */
  providers: z.record(z.string(), z.string()),
  /** null: as many as ONNX Runtime takes by itself. */
  threads: z.number().nullable(),
  system: z.string(),
  cpu: z.string(),
  cores: z.number(),
  /** Bytes. */
  memory: z.number(),
});
export type Environment = z.infer<typeof environmentSchema>;

export async function environmentOf(
  providers: Readonly<Record<string, string>>,
  threads: number | undefined,
): Promise<Environment> {
  const [app, onnxruntime] = [await versionOf('.'), await versionOf('node_modules/onnxruntime-node')];
  return {
    app,
    commit: await commit(),
    code: await codeHash(),
    node: process.versions.node,
    onnxruntime,
    providers,
    threads: threads ?? null,
    system: `${type()} ${release()} ${arch()}`,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memory: totalmem(),
  };
}

/** For people, a line each. */
export function environmentLines(environments: readonly Environment[]): string[] {
  return environments.map((each) => {
    const providers = Object.entries(each.providers).map(([segmenter, provider]) => `${segmenter} on ${provider}`);
    const threads =
      each.threads === null
        ? 'threads as ONNX Runtime chooses'
        : `${each.threads} ${each.threads === 1 ? 'thread' : 'threads'}`;
    const commit =
      each.commit === null ? '' : ` (${each.commit.slice(0, 10)}${each.commit.endsWith('+') ? ', changed since' : ''})`;
    return [
      `Novo Annotate ${each.app}${commit}`,
      ...providers,
      threads,
      `${each.cpu}, ${each.cores} cores, ${Math.round(each.memory / 2 ** 30)} GiB`,
      each.system,
      `Node ${each.node}`,
      `ONNX Runtime ${each.onnxruntime}`,
    ].join(', ');
  });
}

async function versionOf(folder: string): Promise<string> {
  const text = await readFile(join(root, folder, 'package.json'), 'utf8');
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}

const run = promisify(execFile);

async function commit(): Promise<string | null> {
  const git = async (...args: string[]) => (await run('git', ['-C', root, ...args], { timeout: 10_000 })).stdout.trim();
  try {
    // The repository that this is a part of may be another one.
    if (relative(root, await git('rev-parse', '--show-toplevel')) !== '') return null;
    const changed = await git('status', '--porcelain', '--untracked-files=no', '--', 'src-main', 'package-lock.json');
    return `${await git('rev-parse', 'HEAD')}${changed ? '+' : ''}`;
  } catch {
    return null;
  }
}

/** Where masks are made from photos and answers; the contract's part of it is named, since most of that is methods. */
const entry = 'src-main/engine/engine.ts';
const ofTheContract = ['geometry', 'rle', 'row-runs', 'runs'].map((name) => `src-main/contract/${name}.ts`);
const counted = /^src-main\/(novo|mask|engine(?!\/endpoint))\//;

/**
 * SHA-256 over the source that masks depend on, and the version of ONNX Runtime: the modules of novo, mask and engine
 * that the engine imports. Endpoints are left out: their answers are another program's.
 */
export async function codeHash(): Promise<string> {
  const texts = new Map<string, string>();
  const waiting = [entry, ...ofTheContract];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (texts.has(file)) continue;
    const text = (await readFile(join(root, file), 'utf8')).replaceAll('\r\n', '\n');
    texts.set(file, text);
    for (const [, imported] of text.matchAll(/^(?:import|export)(?! type)[^;]*?from '(\.[^']+)'/gm)) {
      const found = posix.join(posix.dirname(file), imported!);
      if (counted.test(found)) waiting.push(found);
    }
  }
  const hash = createHash('sha256').update(await versionOf('node_modules/onnxruntime-node'));
  for (const file of [...texts.keys()].sort()) hash.update(`\0${file}\0${texts.get(file)}`);
  return hash.digest('hex');
}

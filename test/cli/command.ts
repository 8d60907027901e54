/** @file The command line as a user starts it: a process of its own, with a data folder of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ResultLine } from '../../src-main/contract/batch.ts';
import type { ErrorBody } from '../../src-main/contract/errors.ts';
import type { Segmentation } from '../../src-main/contract/segmentation.ts';

const cli = join(import.meta.dirname, '../../src-main/cli.ts');

export type Ended = { code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string };
export type Running = { child: ChildProcess; ended: Promise<Ended>; output: () => string };
type Options = { home: string; env?: NodeJS.ProcessEnv; node?: string[]; cwd?: string };

/** Starts a command, on one thread, since test files run side by side; `ended` resolves when it is over. */
export function start(args: string[], { home, env = {}, node = [], cwd }: Options): Running {
  const variables = {
    ...process.env,
    NOVO_PROVIDER: 'cpu',
    NOVO_THREADS: '1',
    NOVO_DEBUG: '',
    ...env,
    NOVO_HOME: home,
  };
  const child = spawn(process.execPath, [...node, cli, ...args], { env: variables, ...(cwd ? { cwd } : {}) });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, stdout, stderr }));
  return { child, ended, output: () => stderr };
}

/** Runs a command to its end. */
export const novo = (args: string[], options: Options): Promise<Ended> => start(args, options).ended;

/** A result line of a test's choice: what is there when it worked and when it did not. */
export type Line = Partial<Segmentation> & { id: string | number | null; error?: ErrorBody };

export async function resultLines(file: string): Promise<Line[]> {
  const text = await readFile(file, 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as ResultLine as Line);
}

/** One JSON object a line. */
export const jsonLines = (values: unknown[]) =>
  values.map((value) => `${typeof value === 'string' ? value : JSON.stringify(value)}\n`).join('');

/** @file One benchmark at a time writes to a folder: two of them would mix their results. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../../contract/errors.ts';

/** @returns what releases the folder. @throws AppError conflict when another process works in it; io. */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, 'running.json');
  const own = { pid: process.pid, host: hostname() };
  for (;;) {
    try {
      await writeFile(path, JSON.stringify(own), { flag: 'wx' });
      return () => rm(path, { force: true });
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') {
        throw new AppError('io', `${folder} cannot be written: ${(cause as Error).message}`, { cause });
      }
    }
    const other = await ownerOf(path);
    if (other && (other.host !== own.host || isAlive(other.pid))) {
      throw new AppError('conflict', `Process ${other.pid} on ${other.host} is running a benchmark in ${folder}.`, {
        hint: `Wait for it, or choose another --out. If it is gone for sure, remove ${path}.`,
      });
    }
    await rm(path, { force: true }); // its process ended without taking leave
  }
}

async function ownerOf(path: string): Promise<{ pid: number; host: string } | null> {
  try {
    const { pid, host } = JSON.parse(await readFile(path, 'utf8')) as { pid?: unknown; host?: unknown };
    return typeof pid === 'number' && typeof host === 'string' ? { pid, host } : null;
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

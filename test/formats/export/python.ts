/** @file Running what consumers run: Python with the libraries that a test asks for. NOVO_PYTHON names it, else python3. */
import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporary } from '../coco/project.ts';

const python = process.env['NOVO_PYTHON'] || 'python3';

/** Whether it cannot import these; said once. */
export function lacks(...modules: string[]): boolean {
  const missing = modules.filter((name) => spawnSync(python, ['-c', `import ${name}`]).status !== 0);
  if (missing.length > 0)
    console.warn(`skipped: ${python} has no ${missing.join(', ')} (NOVO_PYTHON names another Python)`);
  return missing.length > 0;
}

/** What the script prints, as JSON. @throws Error with what it complained about. */
export async function runPython(script: string, ...args: string[]): Promise<unknown> {
  const file = join(await temporary(), 'script.py');
  await writeFile(file, script);
  const env = { ...process.env, PYTHONIOENCODING: 'utf-8' };
  const run = spawnSync(python, [file, ...args], { encoding: 'utf8', env, maxBuffer: 1 << 28 });
  if (run.status !== 0) throw new Error(run.stderr);
  return JSON.parse(run.stdout);
}

/** @file Reference implementations in Python: where NOVO_PYTHON, or else python3, can import what they need. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const python = process.env['NOVO_PYTHON'] || 'python3';

/** Whether the modules are missing; says so once. */
export function lacks(modules: string): boolean {
  const missing = spawnSync(python, ['-c', `import ${modules}`]).status !== 0;
  if (missing) console.warn(`skipped: ${python} cannot import ${modules} (NOVO_PYTHON names another Python)`);
  return missing;
}

/** Runs a script of this folder on a value, and answers what it prints. Both are JSON. */
export function askPython<T>(script: string, input: unknown): T {
  const folder = mkdtempSync(join(tmpdir(), 'novo-metrics-'));
  try {
    const file = join(folder, 'input.json');
    writeFileSync(file, JSON.stringify(input));
    const run = spawnSync(python, [join(import.meta.dirname, script), file], {
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    });
    if (run.status !== 0) throw new Error(`${script} failed: ${run.stderr}`);
    return JSON.parse(run.stdout) as T;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

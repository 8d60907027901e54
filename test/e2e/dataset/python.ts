/** @file Readers of others' formats in Python: NOVO_PYTHON, else python3, with the modules that they need. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const python = process.env['NOVO_PYTHON'] || 'python3';

/** Says so where there is none. */
export function hasPython(what: string, ...modules: string[]): boolean {
  const found = spawnSync(python, ['-c', modules.map((name) => `import ${name}`).join('\n')]).status === 0;
  if (!found) {
    const need = modules.length === 0 ? 'it does not run' : `it has no ${modules.join(', ')}`;
    console.warn(`not shown with ${python}, ${need}: ${what} (NOVO_PYTHON names another Python)`);
  }
  return found;
}

/** What a script of this folder or the one above prints, as JSON. @throws Error with what it complained about. */
export function runReader(script: string, ...args: string[]): unknown {
  const file = join(import.meta.dirname, script);
  const run = spawnSync(python, [file, ...args], { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (run.status !== 0) throw new Error(`${script}: ${run.stderr}`);
  return JSON.parse(run.stdout);
}

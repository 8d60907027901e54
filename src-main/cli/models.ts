/** @file `models list | verify | add DIR | download ID`. */
import { resolve } from 'node:path';
import { type App, compose } from '../compose.ts';
import type { Progress } from '../contract/api.ts';
import { AppError } from '../contract/errors.ts';
import { type Result, unwrap } from '../contract/result.ts';
import { parse } from './options.ts';
import { megabytes, progressLine, say } from './terminal.ts';

export const modelsHelp = `models list              packs that are installed or offered: size, licence, state
models verify [ID]       hash every file of one pack, or of all
models add DIR           copy a pack from a folder (--replace to take the place of another one)
models download ID       fetch a pack of the catalogue; goes on where an earlier attempt stopped`;

export async function modelsCommand(args: string[], signal: AbortSignal): Promise<number> {
  const options = {
    replace: { type: 'boolean' },
    json: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  const { values, positionals } = parse({ args, options, allowPositionals: true });
  const [verb = 'list', target] = positionals;
  if (values.help) {
    process.stdout.write(`${modelsHelp}\n`);
    return 0;
  }
  const app = compose({ log: say });
  const replace = values.replace === true;
  try {
    switch (verb) {
      case 'list':
        return await list(app, values.json === true);
      case 'verify':
        return await verify(app, target, signal);
      case 'add': {
        const added = await withBytes((onProgress) =>
          app.dispatch(
            'models.add',
            { folder: resolve(needed(target, 'models add DIR')), replace },
            { signal, trusted: true, onProgress },
          ),
        );
        say(`Added ${added.id} in ${added.folder}.`);
        return 0;
      }
      case 'download': {
        const got = await withBytes((onProgress) =>
          app.dispatch(
            'models.download',
            { id: needed(target, 'models download ID'), replace },
            { signal, trusted: true, onProgress },
          ),
        );
        say(`Downloaded ${got.id} to ${got.folder}.`);
        return 0;
      }
      default:
        throw new AppError('bad-request', `There is no "models ${verb}".`, { hint: modelsHelp });
    }
  } finally {
    await app.close();
  }
}

function needed(value: string | undefined, form: string): string {
  if (value) return value;
  throw new AppError('bad-request', `Something is missing: ${form}.`);
}

/** Runs a call with a line of progress in bytes. */
async function withBytes<T>(
  run: (onProgress: (value: Progress<'models.verify'>) => void) => Promise<Result<T>>,
): Promise<T> {
  const progress = progressLine();
  try {
    return unwrap(
      await run(({ file, done, total }) => progress.update(`${file}: ${megabytes(done)} of ${megabytes(total)}`)),
    );
  } finally {
    progress.end();
  }
}

async function list(app: App, json: boolean): Promise<number> {
  const { packs, broken, offered, problems } = unwrap(await app.dispatch('models.list', {}));
  const { reasoners, chosen } = unwrap(await app.dispatch('reasoners.list', {}));
  if (json) process.stdout.write(`${JSON.stringify({ packs, broken, offered, problems, reasoner: chosen })}\n`);
  else {
    for (const pack of packs) {
      const domain = reasoners.find(({ id }) => id === pack.id)?.domain;
      process.stdout.write(
        `${pack.id}  ${pack.kind}  ${megabytes(pack.size)}  ${pack.state}\n  ${pack.title}\n  licence: ${pack.licence}\n  source: ${pack.source}\n`,
      );
      if (domain !== undefined) process.stdout.write(`  knows: ${domain}\n`);
      if (pack.id === chosen) process.stdout.write('  answers queries that name no reasoner\n');
    }
    const installed = new Set(packs.map((pack) => pack.id));
    for (const entry of offered.filter(({ id }) => !installed.has(id))) {
      process.stdout.write(
        `${entry.id}  ${megabytes(entry.bytes)}  can be downloaded\n  ${entry.title}\n  licence: ${entry.licence}\n`,
      );
    }
  }
  for (const { folder, message } of broken) say(`${folder} cannot be used: ${message}`);
  for (const problem of problems) say(problem);
  return broken.length > 0 ? 1 : 0;
}

async function verify(app: App, id: string | undefined, signal: AbortSignal): Promise<number> {
  const ids = id ? [id] : unwrap(await app.dispatch('models.list', {})).packs.map((pack) => pack.id);
  let failed = 0;
  for (const each of ids) {
    try {
      const { bytes } = await withBytes((onProgress) =>
        app.dispatch('models.verify', { id: each }, { signal, onProgress }),
      );
      process.stdout.write(`${each}: intact, ${megabytes(bytes)}\n`);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      failed += 1;
      say(`${each}: ${error.message} ${error.hint ?? ''}`.trim());
    }
  }
  return failed > 0 ? 1 : 0;
}

/** @file The application without a screen. Exit codes: 0 all well, 1 something failed, 2 the command was wrong. */
import { readFileSync } from 'node:fs';
import { batchCommand, batchHelp } from './cli/batch.ts';
import { benchmarkHelp } from './cli/benchmark/options.ts';
import { benchmarkCommand } from './cli/benchmark.ts';
import { datasetCommand, datasetHelp } from './cli/dataset.ts';
import { demoCommand } from './cli/demo.ts';
import { doctorCommand, doctorHelp } from './cli/doctor.ts';
import { evaluateCommand, evaluateHelp } from './cli/evaluate.ts';
import { modelsCommand, modelsHelp } from './cli/models.ts';
import { projectCommand, projectHelp } from './cli/project.ts';
import { segmentCommand, segmentHelp } from './cli/segment.ts';
import { serveCommand, serveHelp } from './cli/serve.ts';
import { say, sayError } from './cli/terminal.ts';
import { toErrorBody } from './contract/errors.ts';

type Command = (args: string[], signal: AbortSignal) => Promise<number>;

const commands: Readonly<Record<string, Command>> = {
  segment: segmentCommand,
  batch: batchCommand,
  evaluate: evaluateCommand,
  benchmark: benchmarkCommand,
  models: modelsCommand,
  project: projectCommand,
  dataset: datasetCommand,
  serve: serveCommand,
  doctor: doctorCommand,
  demo: demoCommand,
};

const help = `Novo Annotate: reasoning queries to instance masks.

${[segmentHelp, batchHelp, evaluateHelp, benchmarkHelp, modelsHelp, projectHelp, datasetHelp, serveHelp, doctorHelp].join('\n\n')}

demo [--out DIR]         the main job once, on the bundled picture
--version                stdout is data; messages and progress go to stderr`;

async function main(argv: string[]): Promise<number> {
  const [name, ...args] = argv;
  if (name === '--version' || name === '-v') {
    const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
    process.stdout.write(`${(manifest as { version: string }).version}\n`);
    return 0;
  }
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(`${help}\n`);
    return name === undefined ? 2 : 0;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) {
    sayError({
      code: 'bad-request',
      message: `There is no command "${name}".`,
      hint: `Commands: ${Object.keys(commands).join(', ')}.`,
    });
    return 2;
  }
  const interrupt = new AbortController();
  let stopped = Number.NaN;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      const again = performance.now() - stopped;
      if (Number.isNaN(again)) {
        stopped = performance.now();
        say('Stopping ...');
        interrupt.abort();
        // One Ctrl+C arrives several times where npm and run.mjs pass on what the terminal sends to all of them.
      } else if (again > 1000) process.exit(130);
    });
  }
  try {
    return await command(args, interrupt.signal);
  } catch (error) {
    const body = toErrorBody(error);
    sayError(body);
    if (body.code === 'internal') say('  This is a bug. NOVO_DEBUG=1 shows its trace.');
    if (process.env['NOVO_DEBUG'] && error instanceof Error) say(error.stack ?? '');
    return body.code === 'bad-request' ? 2 : 1;
  }
}

// A reader such as `head` that has seen enough closes the pipe: that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
// Whoever stops listening to the messages does not stop the work.
process.stderr.on('error', () => undefined);
process.exitCode = await main(process.argv.slice(2));

/** @file `dataset VERB`: the steps of a benchmark without a screen (docs/dataset.md). Each verb is a file of its own. */
import { AppError } from '../contract/errors.ts';
import { datasetGenerate, datasetGenerateHelp } from './dataset-generate.ts';
import { datasetRelease, datasetReleaseHelp } from './dataset-release.ts';
import { datasetSelect, datasetSelectHelp } from './dataset-select.ts';
import { datasetVerify, datasetVerifyHelp } from './dataset-verify.ts';

type Verb = { readonly run: (args: string[], signal: AbortSignal) => Promise<number>; readonly help: string };

const verbs: Readonly<Record<string, Verb>> = {
  select: { run: datasetSelect, help: datasetSelectHelp },
  generate: { run: datasetGenerate, help: datasetGenerateHelp },
  release: { run: datasetRelease, help: datasetReleaseHelp },
  verify: { run: datasetVerify, help: datasetVerifyHelp },
};

export const datasetHelp = Object.values(verbs)
  .map(({ help }) => help)
  .join('\n');

export async function datasetCommand(args: string[], signal: AbortSignal): Promise<number> {
  const [name = '', ...rest] = args;
  const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined;
  if (name === '--help' || name === '-h' || (verb && (rest.includes('--help') || rest.includes('-h')))) {
    process.stdout.write(`${verb?.help ?? datasetHelp}\n`);
    return 0;
  }
  if (verb) return verb.run(rest, signal);
  throw new AppError(
    'bad-request',
    name === '' ? 'dataset needs to know what to do.' : `There is no "dataset ${name}".`,
    {
      hint: datasetHelp,
    },
  );
}

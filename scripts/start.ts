/**
 * @file `npm start`: the desktop window where Electron can run, else the web host and a browser, with one line that
 * says why. `npm run web` (`--web`) asks for the browser. What else is given goes to the host: `npm start -- --port 0`.
 */
import { ensureBuilt } from './build.ts';
import { electronBinary, fetchElectron, runElectron } from './electron.ts';
import { type Choice, chooseHost, type Facts, hasDisplay } from './host-choice.ts';

/** A window that ends with an error sooner than this never was one. */
const startMs = 5000;

const args = process.argv.slice(2).filter((each) => each !== '--web');
const { platform, env } = process;

async function decide(): Promise<Choice> {
  const facts: Facts = {
    platform,
    env,
    uid: process.getuid?.(),
    installed: electronBinary() !== null,
    fetchFailed: null,
  };
  const choice = chooseHost(facts);
  if (choice.host !== 'fetch') return choice;
  const fetchFailed = await fetchElectron();
  return chooseHost({
    ...facts,
    installed: electronBinary() !== null,
    fetchFailed: fetchFailed ?? 'Electron is missing',
  });
}

/** The exit code, or null and a line where there was no window. */
async function desktop(): Promise<number | null> {
  const choice = await decide();
  let why = choice.host === 'web' ? choice.why : 'Electron could not start';
  if (choice.host === 'electron') {
    await ensureBuilt('desktop');
    const { code, ms } = await runElectron(electronBinary()!, args);
    if (code === 0 || ms > startMs) return code;
    why = `Electron could not start (code ${code})`;
  }
  console.error(`In the browser, because ${why}.`);
  return null;
}

const code = process.argv.includes('--web') ? null : await desktop();
if (code !== null) process.exitCode = code;
else {
  await ensureBuilt('page');
  const open = hasDisplay({ platform, env }) ? ['--open'] : [];
  process.argv.splice(2, Number.POSITIVE_INFINITY, 'serve', ...open, ...args);
  await import('../src-main/cli.ts');
}

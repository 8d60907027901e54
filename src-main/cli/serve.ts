/** @file `serve`: the application in a browser. stdout gets one line, the address, when it can be opened. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compose } from '../compose.ts';
import { AppError } from '../contract/errors.ts';
import { startWebHost } from '../web-host.ts';
import { engineOptions, methodOptions, parse } from './options.ts';
import { say } from './terminal.ts';

export const serveHelp = `serve [--port N] [--open]   the application in a browser, on this machine only
  --port N               7423 by default; 0 takes a free one
  --open                 opens the browser
  --provider P, --threads N`;

/** Fixed, because a browser keeps a page's settings by its port. */
const defaultPort = 7423;
const pageFolder = fileURLToPath(new URL('../../out/renderer', import.meta.url));

export async function serveCommand(args: string[], signal: AbortSignal): Promise<number> {
  const { provider, threads, help } = methodOptions;
  const own = { provider, threads, help, port: { type: 'string' }, open: { type: 'boolean' } } as const;
  const { values } = parse({ args, options: own });
  if (values.help) {
    process.stdout.write(`${serveHelp}\n`);
    return 0;
  }
  const port = portOption(values.port);
  const app = compose({ ...engineOptions(values), log: say, onCall: ({ trace }) => trace && say(trace) });
  try {
    const built = existsSync(join(pageFolder, 'index.html'));
    const host = await startWebHost(app, { port, log: say, ...(built ? { files: pageFolder } : {}) });
    try {
      if (!built) say('The page has not been built; programs can call the application (docs/web-host.md).');
      say('Open this address in a browser; Ctrl+C ends the application.');
      const address = `${host.url}#token=${host.token}`;
      process.stdout.write(`${address}\n`);
      if (values.open) openBrowser(address);
      await aborted(signal);
    } finally {
      await host.close();
    }
  } finally {
    await app.close();
  }
  return 0;
}

function portOption(text = String(defaultPort)): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65535) return Number(text);
  throw new AppError('bad-request', `--port is a number from 0 to 65535, not "${text}".`, {
    hint: 'Leave it out for the usual port; 0 takes a free one.',
  });
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

const openers: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};

/** No shell sees the address. Detached, so that Ctrl+C here does not end a browser that was started by this. */
function openBrowser(address: string): void {
  const [command = 'xdg-open', ...args] = openers[process.platform] ?? [];
  const failed = () => say('The browser could not be opened: open the address above yourself.');
  const child = spawn(command, [...args, address], { detached: true, stdio: 'ignore' });
  child.once('error', failed);
  child.once('exit', (code) => code !== 0 && failed());
  child.unref();
}

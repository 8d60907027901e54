/** @file The engine process as a plain child of Node: web host, command line and tests. Electron has its own port. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { EnginePort, FromEngine } from './protocol.ts';

/** Characters of the process's stderr that are kept to explain a crash. */
const keptOutput = 2000;
const engineEntry = fileURLToPath(new URL('./engine-process.ts', import.meta.url));

/**
 * `advanced` serialization is structured clone: numbers and typed arrays cross as they are, NaN too. What native
 * libraries print (providers that cannot start are loud) is kept for the reason of a crash, and shown with
 * `NOVO_DEBUG`.
 */
export function forkEngine(entry: string = engineEntry, env: NodeJS.ProcessEnv = process.env): EnginePort {
  const child = fork(entry, { env, serialization: 'advanced', stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  let output = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    output = (output + text).slice(-keptOutput);
    if (process.env['NOVO_DEBUG']) process.stderr.write(text);
  });
  // Sending to a child that has just died fails later, out of reach of a try: its exit tells what happened.
  child.on('error', () => undefined);
  return {
    pid: child.pid,
    send: (message) => void (child.connected && child.send(message, () => undefined)),
    onMessage: (listener) => void child.on('message', (message) => listener(message as FromEngine)),
    onExit: (listener) =>
      void child.once('close', (code, signal) =>
        listener(signal ? `ended by signal ${signal}` : `ended with exit code ${code}`, output.trim()),
      ),
    kill: () => void child.kill('SIGKILL'),
  };
}

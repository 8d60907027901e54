// Makes every npm command work on a fresh clone: installs what the lockfile names, once, then runs a
// TypeScript entry under a Node that understands it (24 or newer; the lockfile brings one as a package).
// Plain JavaScript for Node >= 20, because it runs before anything is installed.
//   node scripts/run.mjs [ENTRY.ts ARGS...]      without ENTRY it only installs
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const root = join(import.meta.dirname, '..');
const windows = process.platform === 'win32';
const [entry, ...args] = process.argv.slice(2);

function install() {
  const stamp = join(root, 'node_modules', '.novo-installed');
  const { dependencies, devDependencies, optionalDependencies, overrides } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  );
  const hash = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .update(JSON.stringify([dependencies, devDependencies, optionalDependencies, overrides]))
    .update(`${process.platform}-${process.arch}`)
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  console.error('Installing dependencies (once, about half a minute) ...');
  // `npm ci` never edits the lockfile. Through a shell, because npm is a .cmd file on Windows; all output
  // goes to stderr, because stdout belongs to the command's data.
  const { status } = spawnSync('npm ci --no-audit --no-fund --loglevel=error', {
    cwd: root,
    shell: true,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) {
    console.error(
      'The installation failed; npm says why above. Check the connection to the npm registry and run the command again.',
    );
    process.exit(1);
  }
  writeFileSync(stamp, hash);
}

/** The packaged Node where there is one for this platform, else the one that runs now. */
function findNode() {
  const packaged = join(root, 'node_modules', '.bin', windows ? 'node.cmd' : 'node');
  const node = existsSync(packaged) ? packaged : process.execPath;
  const { stdout } = spawnSync(node, ['-p', 'process.versions.node'], { encoding: 'utf8', shell: windows });
  if (Number.parseInt(stdout, 10) >= 24) return node;
  console.error(
    `Novo Annotate needs Node 24 or newer, found ${process.versions.node}. There is no packaged Node for ${process.platform}-${process.arch}: install Node 24 from nodejs.org and run the command again.`,
  );
  process.exit(1);
}

install();
if (entry) {
  if (Number.parseInt(process.versions.node, 10) >= 24) {
    process.argv.splice(1, 2, resolve(entry));
    await import(pathToFileURL(resolve(entry)).href);
  } else {
    const child = spawn(findNode(), [entry, ...args], { stdio: 'inherit', shell: windows });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
    child.on('exit', (code, signal) => (signal ? process.kill(process.pid, signal) : process.exit(code ?? 1)));
  }
} else {
  findNode();
}

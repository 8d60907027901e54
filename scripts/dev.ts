/**
 * @file `npm run dev`: the page with live reload, on a web host that this starts. The page asks Vite for itself and,
 * through Vite, the host for everything else; the host sees its own address as `Host` and `Origin`.
 */
import { createServer } from 'vite';
import { compose } from '../src-main/compose.ts';
import { startWebHost } from '../src-main/web-host.ts';

const app = compose({ log: console.error, onCall: ({ trace }) => trace && console.error(trace) });
const host = await startWebHost(app, { log: console.error });
const origin = host.url.replace(/\/$/, '');
const proxy = { target: origin, changeOrigin: true, headers: { origin } };
const server = await createServer({
  configFile: new URL('../vite.config.ts', import.meta.url).pathname,
  server: {
    host: '127.0.0.1',
    port: 5173,
    proxy: Object.fromEntries(
      ['/rpc', '/cancel', '/session', '/events', '/media', '/exports'].map((path) => [path, proxy]),
    ),
  },
});
await server.listen();
console.log(`${server.resolvedUrls?.local[0]}#token=${host.token}`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, async () => {
    await server.close();
    await host.close();
    await app.close();
  });
}

import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { host, temporaryFolder } from './host.ts';

/** A built page in DIR/page, and beside it what must not be served. */
async function site() {
  const folder = await temporaryFolder();
  const files = join(folder, 'page');
  await mkdir(join(files, 'assets'), { recursive: true });
  await mkdir(join(folder, 'page-private'));
  await writeFile(join(folder, 'page-private', 'secret.txt'), 'secret');
  await writeFile(join(files, 'index.html'), '<!doctype html><title>The page</title>');
  await writeFile(join(files, 'assets', 'main.js'), 'export {};');
  await writeFile(join(files, 'assets', 'main.css'), 'body {}');
  await writeFile(join(files, '.env'), 'secret');
  await symlink(join(folder, 'page-private', 'secret.txt'), join(files, 'assets', 'link.txt'));
  await symlink(join(folder, 'page-private'), join(files, 'linked'));
  return files;
}

test('the files of the page come with their types, open to a browser that has no token yet', async () => {
  const { url } = await host({ files: await site() });
  for (const [path, type] of [
    ['', 'text/html; charset=utf-8'],
    ['index.html', 'text/html; charset=utf-8'],
    ['assets/main.js', 'text/javascript; charset=utf-8'],
    ['assets/main.css', 'text/css; charset=utf-8'],
  ]) {
    const answer = await fetch(url + path);
    expect([answer.status, answer.headers.get('content-type')], path!).toEqual([200, type]);
    const again = await fetch(url + path, { headers: { 'if-none-match': answer.headers.get('etag')! } });
    expect(again.status).toBe(304);
  }
});

test('an address of the page gets the page, a missing file does not', async () => {
  const { url } = await host({ files: await site() });
  expect(await (await fetch(`${url}project/7/review`)).text()).toContain('The page');
  expect((await fetch(`${url}assets/gone.js`)).status).toBe(404);
  expect((await fetch(`${url}favicon.ico`)).status).toBe(404);
});

test('links out of the folder, its neighbours and hidden files are not served', async () => {
  const { url } = await host({ files: await site() });
  for (const path of ['assets/link.txt', 'linked/secret.txt', '.env', 'page-private/secret.txt']) {
    const answer = await fetch(url + path);
    expect(answer.status, path).toBe(404);
    expect(await answer.text()).not.toContain('secret"');
  }
});

test('without a built page a plain one says so', async () => {
  const { url } = await host();
  const answer = await fetch(url);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  expect(await answer.text()).toContain('is running');
  const { url: moved } = await host({ files: join(await temporaryFolder(), 'gone') });
  expect(await (await fetch(moved)).text()).toContain('is running');
});

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { host, temporaryFolder } from './host.ts';

/** A project's exports, and beside them what is not to be had. */
async function exporting() {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'exports'));
  await writeFile(join(folder, 'exports', '주방 #1 100%.json'), '{"images":[]}');
  await writeFile(join(folder, 'project.sqlite'), 'secret');
  const asked: string[] = [];
  const started = await host({
    exports: (name) => {
      asked.push(name);
      return join(folder, 'exports', name);
    },
  });
  return { ...started, asked };
}

test('an export is saved under its own name, whatever characters that has', async () => {
  const { get } = await exporting();
  const answer = await get(`exports/${encodeURIComponent('주방 #1 100%.json')}`);
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual({ images: [] });
  expect(answer.headers.get('content-type')).toBe('application/json');
  const [, name] = /^attachment; filename\*=UTF-8''(\S+)$/.exec(answer.headers.get('content-disposition')!) ?? [];
  expect(decodeURIComponent(name!)).toBe('주방 #1 100%.json');
});

test('an export that is gone, or a host without a project, says what to do', async () => {
  const [{ get }, without] = [await exporting(), await host()];
  for (const answer of [await get('exports/other.json'), await without.get('exports/other.json')]) {
    expect(answer.status).toBe(404);
    expect(await answer.text()).toContain('Export again');
  }
});

test('no name leads out of the folder, and a page without the token gets nothing', async () => {
  const { get, url, token, asked } = await exporting();
  const names = [
    '..%2fproject.sqlite',
    '%2e%2e/project.sqlite',
    'a%5c..%5cb',
    'C:project.sqlite',
    '.hidden',
    'a/b',
    '',
  ];
  for (const name of names) {
    const answer = await get(`exports/${name}`);
    expect([400, 404], name).toContain(answer.status);
    expect(await answer.text()).not.toContain('secret');
  }
  const named = `exports/${encodeURIComponent('주방 #1 100%.json')}`;
  expect((await fetch(url + named)).status).toBe(401);
  const { headers } = await fetch(`${url}session`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
  });
  const cookie = headers.get('set-cookie')!.split(';')[0]!;
  expect((await fetch(url + named, { headers: { cookie } })).status).toBe(200);
  expect((await fetch(url + named, { headers: { cookie, 'sec-fetch-site': 'cross-site' } })).status).toBe(403);
  expect(asked).toEqual(['주방 #1 100%.json']);
});

/** @file Queries that come with a project: those of the sample, those of a file that is wrong, and none. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startProjectApp } from './project-app.ts';

async function sample() {
  const page = startProjectApp();
  const { projects } = await page.call('project.recent', {});
  const { project } = await page.call('project.open', { recent: projects[0]!.id });
  return { page, folder: project!.folder };
}

test('every picture of the sample has some, with what it is and who made it', async () => {
  const { page } = await sample();
  const { images } = await page.call('project.suggestions', {});
  const listed = await page.call('images.list', {});
  expect(images.map(({ imageId }) => imageId)).toEqual(listed.images.map(({ id }) => id));
  for (const { credit, texts } of images) {
    expect(credit).not.toBe('');
    expect(texts.length).toBeGreaterThanOrEqual(4);
  }
});

test('pictures that the project does not have are left out; a file that cannot be used says so; without it there are none', async () => {
  const { page, folder } = await sample();
  const file = join(folder, 'suggestions.json');
  const one = (path: string) => ({ file: path, title: 'A', credit: 'B', suggestions: ['what is red?'] });
  writeFileSync(file, JSON.stringify([one('scene-3.jpg'), one('gone.jpg')]));
  expect((await page.call('project.suggestions', {})).images).toMatchObject([{ credit: 'B', texts: ['what is red?'] }]);
  writeFileSync(file, '[{');
  expect(await page.fails('project.suggestions', {})).toMatchObject({
    code: 'bad-project',
    hint: expect.stringContaining(file),
  });
  writeFileSync(file, JSON.stringify([one('../outside.jpg')]));
  expect(await page.fails('project.suggestions', {})).toMatchObject({ code: 'bad-project' });
});

/**
 * @file Adds queries to a project for ever and says so on stdout, each after it was acknowledged. Started and killed
 * by durability.test.ts.
 */
import { writeSync } from 'node:fs';
import { openProject } from '../../src-main/store/project.ts';
import { addQuery } from '../../src-main/store/queries.ts';

const project = await openProject(process.argv[2]!, { backupEveryMs: 20 });
writeSync(1, 'open\n');
for (;;) {
  const { result } = addQuery(project.db, { imageId: 1, text: `by ${process.pid}` }, { who: 'child' });
  writeSync(1, `${result.id}\n`);
  if (result.id % 8 === 0) await new Promise((resolve) => setImmediate(resolve)); // lets the backup go on
}

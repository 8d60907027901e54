/** @file The records of an open project as an export reads them: one snapshot, one image at a time. */
import { basename, dirname, relative, sep } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { ImageRecord } from '../contract/records.ts';
import type { ExportSource } from '../formats/export/context.ts';
import { listCategories } from '../store/categories.ts';
import { countImages } from '../store/images.ts';
import { instancesOf, linksOf } from '../store/instances.ts';
import type { Project } from '../store/project.ts';
import { runsOfQuery } from '../store/proposals.ts';
import { queriesOf } from '../store/queries.ts';
import { select } from '../store/records.ts';
import { imagePath, listRoots, rootFolder } from '../store/roots.ts';
import type { Db } from '../store/statements.ts';

/** `same` can only be where one folder of photos is inside another and holds photos that are gone. */
export type Alike = { readonly same: string[]; readonly capitals: string[] };

export type ProjectSource = {
  readonly source: ExportSource;
  /** The folder that file names are relative to; null where no one folder holds all the photos. */
  readonly base: string | null;
  /** File names that several photos have, or have but for capitals. */
  alike(): Alike;
  /** Ends the snapshot. */
  release(): void;
};

const pageSize = 500;

/** Milliseconds of work without a turn for anybody else: less than a person notices. */
const busyMs = 8;

/** @param project open for reading; until `release` it shows what it held now, whatever others write. */
export async function cocoSource(project: Project): Promise<ProjectSource> {
  const { db } = project;
  const { base, prefixes, folders } = await namesOfRoots(project);
  db.exec('BEGIN');
  const source: ExportSource = {
    description: basename(project.folder).normalize('NFC'),
    imageCount: countImages(db), // the first read: here the snapshot is taken
    categories: () => listCategories(db),
    images: () => imagesById(db),
    fileName: ({ rootId, path }) => `${prefixes.get(rootId) ?? ''}${path}`,
    photo: (image) => {
      const folder = folders.get(image.rootId);
      return folder !== undefined && image.status === 'present' ? imagePath(folder, image) : null;
    },
    instances: ({ id }) => instancesOf(db, id),
    *queries({ id }) {
      for (const query of queriesOf(db, id)) {
        const run = runsOfQuery(db, query.id).at(-1);
        const model = run ? { pack: run.pack, reasoner: run.reasoner } : null;
        yield { query, links: linksOf(db, query.id), model };
      }
    },
  };
  return {
    source,
    base,
    alike: () => alike(db, source.fileName),
    release: () => {
      if (db.inTransaction) db.exec('ROLLBACK');
    },
  };
}

/** Systems that do not tell capitals apart would put them in one file. */
function alike(db: Db, fileName: ExportSource['fileName']): Alike {
  // In one folder such paths have the same place in the list, which an index has; over several, all names are compared.
  const several = listRoots(db).length > 1;
  const candidates = '(root_id, sort_key) IN (SELECT root_id, sort_key FROM image GROUP BY 1, 2 HAVING count(*) > 1)';
  const images = select(db, 'image', `${several ? 'TRUE' : candidates} ORDER BY root_id, sort_key, id`);
  const groups = Map.groupBy(images.map(fileName), (name) => name.toLowerCase());
  const clashes = [...groups.values()].filter((names) => names.length > 1);
  const same = clashes.flatMap((names) => [...new Set(names.filter((name, i) => names.indexOf(name) !== i))]);
  const capitals = clashes.flatMap((names) => (new Set(names).size > 1 ? [...new Set(names)] : []));
  return { same, capitals };
}

/** In pages: an open cursor would keep every other statement waiting. Other work has its turn in between. */
async function* imagesById(db: Db): AsyncGenerator<ImageRecord> {
  let turned = performance.now();
  for (let last = 0; ; ) {
    const page = select(db, 'image', 'id > ? ORDER BY id LIMIT ?', last, pageSize);
    for (const image of page) {
      if (performance.now() - turned > busyMs) {
        await turn();
        turned = performance.now();
      }
      yield image;
    }
    if (page.length < pageSize) return;
    last = page.at(-1)!.id;
  }
}

/**
 * What is put before the paths of each root. One root: nothing. Several: the way from the folder that holds them all,
 * which consumers name as theirs; on different drives, the name of each folder, made different where it is not.
 */
async function namesOfRoots(
  project: Project,
): Promise<{ base: string | null; prefixes: Map<number, string>; folders: ReadonlyMap<number, string> }> {
  const folders = new Map<number, string>();
  for (const root of listRoots(project.db)) folders.set(root.id, await rootFolder(project, root));
  const base = commonFolder([...folders.values()]);
  const prefixes = new Map<number, string>();
  const taken = new Set<string>();
  for (const [id, folder] of folders) {
    let name = base === null ? basename(folder) : relative(base, folder).split(sep).join('/');
    if (base === null)
      for (let k = 2; name === '' || taken.has(name); k++) name = `${basename(folder) || 'photos'}-${k}`;
    taken.add(name);
    prefixes.set(id, name === '' ? '' : `${name.normalize('NFC')}/`);
  }
  return { base, prefixes, folders };
}

/** The deepest folder that holds all; null where that would be a whole drive, or there is none. */
function commonFolder(folders: readonly string[]): string | null {
  const inside = (folder: string, base: string) => folder === base || folder.startsWith(base + sep);
  let base = folders[0];
  while (base !== undefined && !folders.every((folder) => inside(folder, base!))) {
    const up = dirname(base);
    base = up === base || dirname(up) === up ? undefined : up;
  }
  return base ?? null;
}

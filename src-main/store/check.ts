/**
 * @file Everything that can be wrong with a project, named, each with what to do. Reads only.
 */

import type { Finding } from '../contract/check.ts';
import { runsArea, runsBox, runsOf } from '../contract/rle.ts';
import { checkFiles, type FileCheck } from './check-files.ts';
import type { Project } from './project.ts';
import { all, type Db, type Row, sql } from './statements.ts';

/** What is wrong with one kind of record, and with which. */
type Rule = { readonly code: Finding['code']; readonly todo: string; readonly query: string };

/**
 * Rules that a query answers: each row has `what` (a sentence) and the ids it is about. The schema and the functions of
 * the store keep most of these true; files are also written by crashed disks and by other programs.
 */
const rules: readonly Rule[] = [
  {
    code: 'no-target-with-instances',
    todo: 'Open the query and either delete its instances or take "nothing matches" back.',
    query: `SELECT image_id, id AS query_id, 'The query "' || text || '" says that nothing matches and has instances.' AS what
      FROM query WHERE no_target = 1 AND EXISTS (SELECT 1 FROM query_instance WHERE query_id = query.id)`,
  },
  {
    code: 'accepted-without-answer',
    todo: 'Open the query: accept something, say that nothing matches, or make it a draft again.',
    query: `SELECT image_id, id AS query_id, 'The query "' || text || '" is accepted and has no answer.' AS what
      FROM query WHERE status = 'accepted' AND no_target = 0
        AND NOT EXISTS (SELECT 1 FROM query_instance WHERE query_id = query.id)`,
  },
  {
    code: 'proposed-without-proposals',
    todo: 'Open the query and run the model again, or make it a draft.',
    query: `SELECT image_id, id AS query_id, 'The query "' || text || '" waits for a decision and has no proposal.' AS what
      FROM query WHERE status = 'proposed'
        AND NOT EXISTS (SELECT 1 FROM proposal WHERE query_id = query.id AND status = 'pending')`,
  },
  {
    code: 'duplicate-instance',
    todo: 'Open the query and delete one of the two.',
    query: `SELECT query.image_id, a.query_id, b.instance_id, 'Instances ' || a.instance_id || ' and ' || b.instance_id ||
        ' of the query "' || query.text || '" are the same mask.' AS what
      FROM query_instance a JOIN query_instance b ON b.query_id = a.query_id AND b.instance_id > a.instance_id
        JOIN instance i ON i.id = a.instance_id JOIN instance j ON j.id = b.instance_id AND j.area = i.area
          AND j.counts = i.counts
        JOIN query ON query.id = a.query_id`,
  },
  {
    code: 'other-image',
    todo: 'Open the query and take the instance out.',
    query: `SELECT query.image_id, query.id AS query_id, instance.id AS instance_id, 'Instance ' || instance.id ||
        ' is of image ' || instance.image_id || ', but its query "' || query.text || '" is of image ' ||
        query.image_id || '.' AS what
      FROM query_instance JOIN query ON query.id = query_id JOIN instance ON instance.id = instance_id
      WHERE instance.image_id <> query.image_id`,
  },
  {
    code: 'rank-gap',
    todo: 'Open the query and rank its instances again.',
    query: `SELECT query.image_id, query.id AS query_id, 'The ranks of the query "' || query.text || '" are ' ||
        group_concat(rank, ', ') || ', not 1 to ' || count(rank) || '.' AS what
      FROM query_instance JOIN query ON query.id = query_id WHERE rank IS NOT NULL GROUP BY query.id
      HAVING min(rank) <> 1 OR max(rank) <> count(rank) OR count(DISTINCT rank) <> count(rank)`,
  },
  {
    code: 'accepted-proposal-without-instance',
    todo: 'Reject the proposal, or accept it again.',
    query: `SELECT query.image_id, query.id AS query_id, 'Proposal ' || proposal.id || ' of the query "' || query.text ||
        '" is accepted, but what it became is not known.' AS what
      FROM proposal JOIN query ON query.id = query_id WHERE proposal.status = 'accepted' AND instance_id IS NULL`,
  },
  {
    code: 'same-query',
    todo: 'Delete one of the two, if they ask the same.',
    query: `SELECT a.image_id, b.id AS query_id, 'The query "' || b.text || '" is on the image twice.' AS what
      FROM query a JOIN query b ON b.image_id = a.image_id AND b.id > a.id AND b.text = a.text`,
  },
];

/**
 * Finds every inconsistency of the database; with `files`, also of the photos (their `hash` is read where size or
 * time differ, or always with `files.thorough`). @throws AppError when the database cannot be read.
 */
export async function checkProject(project: Project, files?: FileCheck): Promise<Finding[]> {
  const { db } = project;
  const findings = [...brokenLinks(db), ...rules.flatMap((rule) => answered(db, rule)), ...brokenMasks(db)];
  return files ? [...findings, ...(await checkFiles(project, files))] : findings;
}

function answered(db: Db, { code, todo, query }: Rule): Finding[] {
  return all<Row>(db, query).map((row) => finding(code, row['what'] as string, todo, row));
}

function finding(code: Finding['code'], what: string, todo: string, row: Row = {}): Finding {
  const id = (name: string) => (row[name] as number | null | undefined) ?? null;
  return { code, what, todo, imageId: id('image_id'), queryId: id('query_id'), instanceId: id('instance_id') };
}

/** References to records that are not there. */
function brokenLinks(db: Db): Finding[] {
  const broken = db.pragma('foreign_key_check') as { table: string; rowid: number | null; parent: string }[];
  return broken.map(({ table, rowid, parent }) => {
    const what = `A record of ${table}${rowid === null ? '' : ` (${rowid})`} refers to a ${parent} that is not there.`;
    return finding('broken-link', what, 'Restore the newest backup: something has deleted records past the program.');
  });
}

/** Masks that are damaged, do not fit their image, or whose stored area or box is not theirs. */
function brokenMasks(db: Db): Finding[] {
  const findings: Finding[] = [];
  const masks = `SELECT 'Instance' AS kind, instance.id, instance.id AS instance_id, NULL AS query_id, image_id,
      mask_height, mask_width, counts, area, bbox, image.width, image.height
    FROM instance JOIN image ON image.id = image_id
    UNION ALL SELECT 'Proposal', proposal.id, NULL, query_id, image_id,
      mask_height, mask_width, counts, area, bbox, image.width, image.height
    FROM proposal JOIN query ON query.id = query_id JOIN image ON image.id = image_id`;
  for (const row of sql(db, masks).iterate() as IterableIterator<Row>) {
    const name = `${row['kind']} ${row['id']}`;
    const [width, height] = [row['mask_width'] as number, row['mask_height'] as number];
    if (width !== row['width'] || height !== row['height']) {
      const what = `${name} is ${width} x ${height} pixels, but its image is ${row['width']} x ${row['height']}.`;
      findings.push(finding('mask-size', what, 'Put the image back that it was drawn on, or delete it.', row));
      continue;
    }
    try {
      const runs = runsOf({ size: [height, width], counts: row['counts'] as string });
      const bbox = JSON.stringify(runsBox(runs, height));
      if (runsArea(runs) !== row['area'] || bbox !== row['bbox']) {
        const what = `${name} says area ${row['area']} and box ${row['bbox']}; its mask has ${runsArea(runs)} and ${bbox}.`;
        findings.push(finding('mask-numbers', what, 'Edit and store the mask again: both are computed then.', row));
      } else if (runsArea(runs) === 0) {
        findings.push(finding('mask-empty', `${name} has no pixel.`, 'Delete it.', row));
      }
    } catch (error) {
      const what = `${name} has a damaged mask: ${(error as Error).message}`;
      findings.push(finding('mask-damaged', what, 'Delete it and draw it again, or restore a backup.', row));
    }
  }
  return findings;
}

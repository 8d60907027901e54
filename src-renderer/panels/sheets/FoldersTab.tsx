/** @file The project's folders of photos: where they are, adding one, and telling where one has gone. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import type { ProjectInfo } from '../../../src-main/contract/methods-project.ts';
import { useApp, useAppState } from '../app-context.ts';
import { Icon } from '../icons.tsx';
import { Bar } from '../parts/Bar.tsx';
import { FailureNote } from '../parts/FailureNote.tsx';
import { FolderChooser } from '../parts/FolderChooser.tsx';
import { Section } from '../parts/Sheet.tsx';
import { useCall } from '../parts/use-call.ts';

type Root = ProjectInfo['roots'][number];

export function FoldersTab() {
  const app = useApp();
  const info = useAppState((state) => state.project.info);
  const add = useCall('project.addPhotos');
  const move = useCall('project.moveRoot');
  const scan = useCall('project.scan');
  // What the chooser is open for: another folder, or the new place of a root.
  const [choosing, setChoosing] = useState<'add' | Root | null>(null);
  if (!info) return null;

  const take = async (photos: string, target: 'add' | Root) => {
    const done = target === 'add' ? await add.run({ photos }) : await move.run({ rootId: target.id, photos });
    if (done) setChoosing(null);
  };
  const choose = async (target: 'add' | Root) => {
    const native = app.host.chooseFolder;
    if (!native) {
      setChoosing(target);
      return;
    }
    const folder = await native();
    if (folder) await take(folder.handle, target);
  };
  return (
    <div className="tab">
      <Section
        title="Folders of photos"
        note="Photos stay where they are. Those that were moved or renamed inside these folders are found again by their content."
        aside={<Button onClick={() => choose('add')}>Add a folder</Button>}
      >
        <FailureNote failure={add.failure ?? move.failure ?? scan.failure} />
        {choosing ? (
          <FolderChooser
            action={choosing === 'add' ? 'Add this folder' : 'It is here now'}
            onChoose={({ handle }) => take(handle, choosing)}
            onCancel={() => setChoosing(null)}
            busy={add.busy || move.busy}
          />
        ) : null}
        <ul className="stack">
          {info.roots.map((root) => (
            <li key={root.id} className="card">
              <div className="row wrap">
                <span className={root.present ? 'good' : 'bad'}>
                  <Icon name={root.present ? 'folder' : 'error'} />
                </span>
                <span className="grow">
                  <code>{root.folder}</code>
                  {root.present ? null : <span className="bad"> is not there</span>}
                </span>
                {root.present ? null : <Button onClick={() => choose(root)}>Say where it is now</Button>}
              </div>
            </li>
          ))}
        </ul>
        {scan.busy || info.scanning ? (
          <Bar label="Reading folders" done={scan.progress?.files ?? info.images} total={0} />
        ) : (
          <div className="row">
            <Button onClick={() => scan.run({})}>Read the folders again</Button>
          </div>
        )}
      </Section>
      <Section title="Where the project lies">
        <p>
          <code>{info.folder}</code>
        </p>
      </Section>
    </div>
  );
}

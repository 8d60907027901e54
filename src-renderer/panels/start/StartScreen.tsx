/** @file Nothing is open: go on with a project, make one from a folder of photos, or try the sample. */
import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { FolderListing } from '../../../src-main/contract/methods-project.ts';
import type { GrantedFolder } from '../../host/host.ts';
import { createProject, openFolder } from '../../tools/projects.ts';
import { useApp, useAppState } from '../app-context.ts';
import { Icon, Mark } from '../icons.tsx';
import { FailureNote } from '../parts/FailureNote.tsx';
import { FolderChooser } from '../parts/FolderChooser.tsx';
import { NewSelection } from '../select/NewSelection.tsx';
import { DropArea } from './DropArea.tsx';
import { RecentList } from './RecentList.tsx';
import './start.css';

type Choosing = 'photos' | 'project' | 'selection' | null;

export function StartScreen() {
  const app = useApp();
  const { busy, failure, recent } = useAppState((state) => state.project);
  const [choosing, setChoosing] = useState<Choosing>(null);
  const [photos, setPhotos] = useState<GrantedFolder | null>(null);
  const native = app.host.chooseFolder;
  const worked = recent.some((project) => !project.sample);

  const choose = async (what: 'photos' | 'project') => {
    setPhotos(null);
    if (!native) {
      setChoosing(what);
      return;
    }
    const folder = await native();
    if (folder) take(what, folder);
  };
  const take = (what: 'photos' | 'project', folder: GrantedFolder) => {
    setChoosing(null);
    if (what === 'photos') setPhotos(folder);
    else openFolder(app, folder.handle);
  };

  return (
    <DropArea onFolder={(folder) => take('photos', folder)}>
      <main className="start">
        <header className="start-head">
          <Mark size="2.25rem" />
          <div>
            <h1>Novo Annotate</h1>
            <p className="quiet">Ask in words, review the masks, leave with a dataset.</p>
          </div>
        </header>
        <FailureNote failure={failure} />
        {choosing === 'selection' ? (
          <NewSelection onCancel={() => setChoosing(null)} />
        ) : choosing ? (
          <Chooser what={choosing} onTake={(folder) => take(choosing, folder)} onCancel={() => setChoosing(null)} />
        ) : photos ? (
          <NewProject photos={photos} onCancel={() => setPhotos(null)} />
        ) : (
          <>
            <div className="row wrap start-actions">
              <Button
                size="sm"
                variant={worked ? 'default' : 'filled'}
                leftSection={<Icon name="image" />}
                loading={busy === 'creating'}
                onClick={() => choose('photos')}
              >
                New from a folder of photos
              </Button>
              <Button
                size="sm"
                leftSection={<Icon name="file" />}
                onClick={() => setChoosing('selection')}
                disabled={busy !== null}
              >
                New from a COCO file
              </Button>
              <Button
                size="sm"
                leftSection={<Icon name="folder" />}
                onClick={() => choose('project')}
                disabled={busy !== null}
              >
                Open a project folder
              </Button>
            </div>
            {app.host.grantDrop ? <p className="quiet">Or drop a folder of photos on this window.</p> : null}
            <RecentList />
          </>
        )}
      </main>
    </DropArea>
  );
}

type ChooserProps = {
  readonly what: 'photos' | 'project';
  readonly onTake: (folder: GrantedFolder) => void;
  readonly onCancel: () => void;
};

function Chooser({ what, onTake, onCancel }: ChooserProps) {
  const busy = useAppState((state) => state.project.busy !== null);
  const refuse = ({ project }: FolderListing) => {
    if (what === 'project') return project ? null : 'This folder is not a project; go to one that is marked as such.';
    return project ? 'This folder is a project: open it with "Open a project folder".' : null;
  };
  return (
    <section aria-label={what === 'photos' ? 'Folder of photos' : 'Project folder'} className="stack">
      <h2>{what === 'photos' ? 'Which folder has the photos?' : 'Which project?'}</h2>
      <FolderChooser
        action={what === 'photos' ? 'Use this folder' : 'Open this project'}
        refuse={refuse}
        onChoose={({ handle, name }) => onTake({ handle, name })}
        onCancel={onCancel}
        busy={busy}
      />
    </section>
  );
}

function NewProject({ photos, onCancel }: { readonly photos: GrantedFolder; readonly onCancel: () => void }) {
  const app = useApp();
  const busy = useAppState((state) => state.project.busy);
  const [name, setName] = useState(photos.name);
  const create = () => createProject(app, photos.handle, name.trim() === '' ? {} : { name: name.trim() });
  return (
    <form
      className="card"
      aria-label="New project"
      onSubmit={(event) => {
        event.preventDefault();
        create();
      }}
    >
      <h2>New project</h2>
      <p className="quiet">
        Photos stay where they are, in "{photos.name}"; they are only read. The project gets a folder of its own.
      </p>
      <TextInput
        label="Name of the project"
        value={name}
        maxLength={120}
        data-autofocus
        onChange={(e) => setName(e.target.value)}
      />
      <div className="row end">
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" variant="filled" loading={busy === 'creating'}>
          Create and open
        </Button>
      </div>
    </form>
  );
}

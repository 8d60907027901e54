/** @file Which annotation file, and which folder has its photos. The page knows both by handles only. */
import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { GrantedFolder } from '../../host/host.ts';
import { useApp } from '../app-context.ts';
import { Icon } from '../icons.tsx';
import { FolderChooser } from '../parts/FolderChooser.tsx';

type SourceFormProps = {
  readonly action: string;
  readonly busy?: boolean;
  readonly onTake: (coco: GrantedFolder, photos: GrantedFolder) => void;
  readonly onCancel?: () => void;
  /** More to fill in before it is taken. */
  readonly children?: ReactNode;
};

export function SourceForm({ action, busy = false, onTake, onCancel, children }: SourceFormProps) {
  const { host } = useApp();
  const [coco, setCoco] = useState<GrantedFolder | null>(null);
  const [photos, setPhotos] = useState<GrantedFolder | null>(null);
  const [choosing, setChoosing] = useState<'coco' | 'photos' | null>(null);
  /** The folder of the file: its photos are likely near. */
  const [near, setNear] = useState<string | undefined>(undefined);
  const choosePhotos = async () => {
    if (!host.chooseFolder) return setChoosing('photos');
    const folder = await host.chooseFolder();
    if (folder) setPhotos(folder);
  };
  if (choosing === 'coco') {
    return (
      <section aria-label="Annotation file" className="stack">
        <h2>Which file has the annotations?</h2>
        <FolderChooser
          files={['json']}
          from={near}
          onFile={(file, folder) => {
            setCoco(file);
            setNear(folder.handle);
            setChoosing(null);
          }}
          onCancel={() => setChoosing(null)}
        />
      </section>
    );
  }
  if (choosing === 'photos') {
    return (
      <section aria-label="Folder of photos" className="stack">
        <h2>Which folder has its photos?</h2>
        <FolderChooser
          action="Use this folder"
          from={near}
          onChoose={({ handle, name }) => {
            setPhotos({ handle, name });
            setChoosing(null);
          }}
          onCancel={() => setChoosing(null)}
        />
      </section>
    );
  }
  return (
    <form
      className="card"
      aria-label="Annotations and photos"
      onSubmit={(event) => {
        event.preventDefault();
        if (coco && photos) onTake(coco, photos);
      }}
    >
      <Chosen label="Annotations (COCO JSON)" icon="file" name={coco?.name} onChoose={() => setChoosing('coco')} />
      <Chosen label="Folder of photos" icon="folder" name={photos?.name} onChoose={choosePhotos} />
      {children}
      <div className="row end">
        {onCancel ? <Button onClick={onCancel}>Cancel</Button> : null}
        <Button type="submit" variant="filled" loading={busy} disabled={!coco || !photos}>
          {action}
        </Button>
      </div>
    </form>
  );
}

type ChosenProps = {
  readonly label: string;
  readonly icon: 'file' | 'folder';
  readonly name: string | undefined;
  readonly onChoose: () => void;
};

function Chosen({ label, icon, name, onChoose }: ChosenProps) {
  return (
    <div className="row">
      <Icon name={icon} />
      <span className="grow stack pick-chosen">
        <span className="quiet small">{label}</span>
        <span className="cut">{name ?? 'Not chosen yet'}</span>
      </span>
      <Button aria-label={`Choose: ${label}`} onClick={onChoose}>
        Choose
      </Button>
    </div>
  );
}

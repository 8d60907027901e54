/** @file Takes a folder that is dropped on the window, where the host can tell which one it is. */
import { type DragEvent, type ReactNode, useState } from 'react';
import { failureOf } from '../../document/notices.ts';
import type { Failure } from '../../document/state.ts';
import type { GrantedFolder } from '../../host/host.ts';
import { useApp } from '../app-context.ts';
import { FailureNote, Note } from '../parts/FailureNote.tsx';

type DropProps = { readonly onFolder: (folder: GrantedFolder) => void; readonly children: ReactNode };

export function DropArea({ onFolder, children }: DropProps) {
  const { host } = useApp();
  const [over, setOver] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [refused, setRefused] = useState(false);

  const onDragOver = (event: DragEvent) => {
    // Without this the browser would leave the page for the file.
    event.preventDefault();
    event.dataTransfer.dropEffect = host.grantDrop ? 'copy' : 'none';
    setOver(true);
  };
  const onDrop = async (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    setFailure(null);
    setRefused(false);
    const file = event.dataTransfer.files[0];
    if (!file) return;
    if (!host.grantDrop) {
      setRefused(true);
      return;
    }
    try {
      const folder = await host.grantDrop(file);
      if (folder) onFolder(folder);
      else setRefused(true);
    } catch (thrown) {
      setFailure(failureOf(thrown));
    }
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a short cut; the buttons inside do the same.
    <div
      className="drop"
      data-over={over || undefined}
      onDragOver={onDragOver}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
    >
      {failure || refused ? (
        <div className="drop-note">
          <FailureNote failure={failure} />
          {refused ? (
            <Note
              tone="warn"
              title={host.grantDrop ? 'That is not a folder' : 'A browser does not tell where a folder lies'}
              hint={
                host.grantDrop ? 'Drop the folder that holds the photos.' : 'Use "New from a folder of photos" instead.'
              }
            />
          ) : null}
        </div>
      ) : null}
      {children}
    </div>
  );
}

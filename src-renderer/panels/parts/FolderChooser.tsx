/**
 * @file A folder of the host's machine, or a file in one, chosen in the page: for hosts without a native dialog. The page
 * knows handles and names only; what may be seen is the host's business.
 */
import { Button } from '@mantine/core';
import { useState } from 'react';
import type { FolderListing, ListedFileKind } from '../../../src-main/contract/methods-project.ts';
import { Icon } from '../icons.tsx';
import { FailureNote } from './FailureNote.tsx';
import { bytes } from './format.ts';
import { useAnswer } from './use-call.ts';
import './folders.css';

export type ListedFile = FolderListing['files'][number];

type ChooserProps = {
  /** On the button that takes the folder which is shown. Without it only a file can be taken. */
  readonly action?: string;
  /** What speaks against taking that folder; null where nothing does. */
  readonly refuse?: (listing: FolderListing) => string | null;
  readonly onChoose?: (listing: FolderListing) => void;
  /** What taking that folder means; the number of its photos without it. */
  readonly describe?: (listing: FolderListing) => string;
  /** Kinds of files that are listed and may be taken with a click. */
  readonly files?: readonly ListedFileKind[];
  /** @param folder that the file is in. */
  readonly onFile?: (file: ListedFile, folder: FolderListing) => void;
  /** The folder to begin in; the user's own without it. */
  readonly from?: string | undefined;
  readonly onCancel: () => void;
  readonly busy?: boolean;
};

export function FolderChooser(props: ChooserProps) {
  const { action, refuse, onChoose, describe = photosIn, files = [], onFile, from, onCancel, busy = false } = props;
  const [handle, setHandle] = useState<string | undefined>(from);
  const input = { ...(handle ? { handle } : {}), files: [...files] };
  const { value: listing, failure, busy: loading, again } = useAnswer('folders.list', input);
  const refusal = listing ? (refuse?.(listing) ?? null) : null;
  return (
    <div className="chooser">
      <FailureNote failure={failure}>
        <Button onClick={again}>Try again</Button>
        <Button onClick={() => setHandle(undefined)}>Back to the beginning</Button>
      </FailureNote>
      {listing ? (
        <div className="chooser-columns">
          <nav className="chooser-places" aria-label="Places">
            {listing.places.map((place) => (
              <button key={place.handle} type="button" className="chooser-row" onClick={() => setHandle(place.handle)}>
                <span className="cut">{place.name}</span>
              </button>
            ))}
          </nav>
          <div className="chooser-main" aria-busy={loading}>
            <Trail listing={listing} onGo={setHandle} />
            <Folders listing={listing} onGo={setHandle} onFile={onFile} />
          </div>
        </div>
      ) : null}
      <div className="row wrap">
        <p className="grow quiet" aria-live="polite">
          {listing ? (refusal ?? (action ? describe(listing) : '')) : loading ? 'Reading folders...' : ''}
        </p>
        <Button onClick={onCancel}>Cancel</Button>
        {action ? (
          <Button
            variant="filled"
            disabled={!listing || refusal !== null}
            loading={busy}
            onClick={() => listing && onChoose?.(listing)}
          >
            {action}
          </Button>
        ) : null}
      </div>
    </div>
  );
}

type PartProps = { readonly listing: FolderListing; readonly onGo: (handle: string) => void };

function Trail({ listing, onGo }: PartProps) {
  return (
    <div className="chooser-trail" title={listing.path}>
      {listing.parents.map((parent) => (
        <span key={parent.handle} className="row">
          <button type="button" className="chooser-crumb" onClick={() => onGo(parent.handle)}>
            {parent.name}
          </button>
          {parent.name.endsWith('/') ? null : <span className="quiet">/</span>}
        </span>
      ))}
      <strong>{listing.name}</strong>
    </div>
  );
}

type FoldersProps = PartProps & { readonly onFile: ChooserProps['onFile'] };

function Folders({ listing, onGo, onFile }: FoldersProps) {
  const { folders, files } = listing;
  if (folders.length + files.length === 0) {
    return <p className="chooser-empty quiet">{onFile ? 'Nothing to choose in here.' : 'No folders in here.'}</p>;
  }
  return (
    <ul className="chooser-list" aria-label={`${onFile ? 'Folders and files' : 'Folders'} in ${listing.name}`}>
      {listing.folders.map((folder) => (
        <li key={folder.handle}>
          <button type="button" className="chooser-row" onClick={() => onGo(folder.handle)}>
            <Icon name="folder" />
            <span className="cut grow">{folder.name}</span>
            {folder.project ? <span className="tag">project</span> : null}
            <Icon name="next" size="0.75rem" />
          </button>
        </li>
      ))}
      {files.map((file) => (
        <li key={file.handle}>
          <button type="button" className="chooser-row" onClick={() => onFile?.(file, listing)}>
            <Icon name="file" />
            <span className="cut grow">{file.name}</span>
            <span className="quiet small">{bytes(file.bytes)}</span>
          </button>
        </li>
      ))}
      {listing.more ? <li className="chooser-empty quiet">There is more than is shown.</li> : null}
    </ul>
  );
}

function photosIn(listing: FolderListing): string {
  if (listing.project) return `"${listing.name}" is a project.`;
  const photos = listing.photos === 1 ? 'one photo' : `${listing.photos.toLocaleString()} photos`;
  return `${photos} in "${listing.name}"; those in its folders are taken as well.`;
}

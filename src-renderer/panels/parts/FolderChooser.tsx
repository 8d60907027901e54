/**
 * @file A folder of the host's machine, chosen in the page: for hosts without a native dialog. The page knows handles
 * and names only; what may be seen is the host's business.
 */
import { Button } from '@mantine/core';
import { useState } from 'react';
import type { FolderListing } from '../../../src-main/contract/methods-project.ts';
import { Icon } from '../icons.tsx';
import { FailureNote } from './FailureNote.tsx';
import { useAnswer } from './use-call.ts';
import './folders.css';

type ChooserProps = {
  /** On the button that takes the folder which is shown. */
  readonly action: string;
  /** What speaks against taking that folder; null where nothing does. */
  readonly refuse?: (listing: FolderListing) => string | null;
  readonly onChoose: (listing: FolderListing) => void;
  readonly onCancel: () => void;
  readonly busy?: boolean;
};

export function FolderChooser({ action, refuse, onChoose, onCancel, busy = false }: ChooserProps) {
  const [handle, setHandle] = useState<string | undefined>(undefined);
  const { value: listing, failure, busy: loading, again } = useAnswer('folders.list', handle ? { handle } : {});
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
            <Folders listing={listing} onGo={setHandle} />
          </div>
        </div>
      ) : null}
      <div className="row wrap">
        <p className="grow quiet" aria-live="polite">
          {listing ? (refusal ?? photosIn(listing)) : loading ? 'Reading folders...' : ''}
        </p>
        <Button onClick={onCancel}>Cancel</Button>
        <Button
          variant="filled"
          disabled={!listing || refusal !== null}
          loading={busy}
          onClick={() => listing && onChoose(listing)}
        >
          {action}
        </Button>
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

function Folders({ listing, onGo }: PartProps) {
  if (listing.folders.length === 0) return <p className="chooser-empty quiet">No folders in here.</p>;
  return (
    <ul className="chooser-list" aria-label={`Folders in ${listing.name}`}>
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
      {listing.more ? <li className="chooser-empty quiet">There are more folders than are shown.</li> : null}
    </ul>
  );
}

function photosIn(listing: FolderListing): string {
  if (listing.project) return `"${listing.name}" is a project.`;
  const photos = listing.photos === 1 ? 'one photo' : `${listing.photos.toLocaleString()} photos`;
  return `${photos} in "${listing.name}"; those in its folders are taken as well.`;
}

/** @file Model packs: installed, broken, offered by the catalogue; adding one from a folder. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import { readReasoners } from '../../tools/start.ts';
import { useApp } from '../app-context.ts';
import { Bar } from '../parts/Bar.tsx';
import { FailureNote, Note } from '../parts/FailureNote.tsx';
import { FolderChooser } from '../parts/FolderChooser.tsx';
import { bytes } from '../parts/format.ts';
import { Section } from '../parts/Sheet.tsx';
import { type Call, useCall } from '../parts/use-call.ts';
import { PackCard } from './PackCard.tsx';

type PacksProps = { readonly list: Call<'models.list'> & { readonly again: () => void } };

export function PacksSection({ list }: PacksProps) {
  const app = useApp();
  const [adding, setAdding] = useState(false);
  const { value } = list;
  const changed = () => {
    list.again();
    readReasoners(app).catch(() => undefined);
  };
  return (
    <Section
      title="Model packs"
      note="Each file is checked against its hash before it is loaded."
      aside={<Button onClick={() => setAdding(!adding)}>Add from a folder</Button>}
    >
      {adding ? (
        <AddPack
          onDone={() => {
            setAdding(false);
            changed();
          }}
          onCancel={() => setAdding(false)}
        />
      ) : null}
      <FailureNote failure={list.failure}>
        <Button onClick={list.again}>Try again</Button>
      </FailureNote>
      {value?.packs.map((pack) => (
        <PackCard key={pack.id} pack={pack} onChanged={changed} />
      ))}
      {value?.broken.map(({ folder, message }) => (
        <Note key={folder} tone="bad" title={`A pack cannot be used: ${folder}`} hint={message} />
      ))}
      {value && value.offered.length > 0 ? <h3>To download</h3> : null}
      {value?.offered.map((offer) => (
        <Offer key={offer.id} offer={offer} onDone={changed} />
      ))}
      {value?.problems.map((problem) => (
        <Note key={problem} tone="warn" title="The catalogue of packs cannot be read" hint={problem} />
      ))}
    </Section>
  );
}

type OfferProps = {
  readonly offer: { readonly id: string; readonly title: string; readonly licence: string; readonly bytes: number };
  readonly onDone: () => void;
};

function Offer({ offer, onDone }: OfferProps) {
  const download = useCall('models.download');
  const start = async () => {
    if (await download.run({ id: offer.id })) onDone();
  };
  return (
    <div className="card">
      <div className="row wrap">
        <strong className="grow">{offer.title}</strong>
        <span className="quiet">
          {offer.licence}, {bytes(offer.bytes)}
        </span>
        {download.busy ? null : <Button onClick={start}>{download.failure ? 'Go on' : 'Download'}</Button>}
      </div>
      {download.busy ? (
        <Bar
          label={download.progress ? `Downloading ${download.progress.file}` : 'Connecting'}
          done={download.progress?.done ?? 0}
          total={download.progress?.total ?? 0}
          onCancel={download.cancel}
        />
      ) : null}
      <FailureNote failure={download.failure} />
    </div>
  );
}

function AddPack({ onDone, onCancel }: { readonly onDone: () => void; readonly onCancel: () => void }) {
  const app = useApp();
  const add = useCall('models.add');
  const [handle, setHandle] = useState<string | null>(null);
  const take = async (folder: string, replace = false) => {
    setHandle(folder);
    if (await add.run({ folder, handle: true, replace })) onDone();
  };
  const native = app.host.chooseFolder;
  return (
    <div className="card">
      {native ? (
        <Button
          onClick={async () => {
            const folder = await native();
            if (folder) await take(folder.handle);
          }}
        >
          Choose the folder of the pack...
        </Button>
      ) : (
        <FolderChooser
          action="Add this pack"
          onChoose={(listing) => take(listing.handle)}
          onCancel={onCancel}
          busy={add.busy}
        />
      )}
      {add.busy ? (
        <Bar
          label={add.progress ? `Copying and checking ${add.progress.file}` : 'Checking'}
          done={add.progress?.done ?? 0}
          total={add.progress?.total ?? 0}
          onCancel={add.cancel}
        />
      ) : null}
      <FailureNote failure={add.failure}>
        {add.failure?.code === 'conflict' && handle ? (
          <Button onClick={() => take(handle, true)}>Replace the installed one</Button>
        ) : null}
      </FailureNote>
    </div>
  );
}

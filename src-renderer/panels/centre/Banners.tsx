/** @file What keeps the photo from being worked on, said over it: lost connection, missing file, nothing open. */
import { Button } from '@mantine/core';
import { openSheet } from '../../tools/view.ts';
import { useApp, useAppState } from '../app-context.ts';
import { FailureNote, Note } from '../parts/FailureNote.tsx';
import { useProjectTab } from '../sheets/project-tab.ts';

export function Banners() {
  return (
    <div className="banners">
      <ConnectionBanner />
      <EngineBanner />
      <FileBanner />
    </div>
  );
}

export function ConnectionBanner() {
  const { state, message } = useAppState((all) => all.connection);
  if (state === 'lost') {
    return (
      <Note
        tone="warn"
        title={message ?? 'The connection to the application is lost'}
        hint="It is tried again by itself. What is not stored yet is kept in this page: do not close it."
      />
    );
  }
  if (state === 'refused') {
    return (
      <Note
        tone="bad"
        title={message ?? 'The application does not know this page any more'}
        hint="It was started anew. Open the address that it prints."
      />
    );
  }
  return null;
}

function EngineBanner() {
  const { state, message } = useAppState((all) => all.engine);
  if (state !== 'crashed') return null;
  return (
    <Note
      tone="warn"
      title={message ?? 'The inference process ended'}
      hint="It is started again by itself. Stored work is not touched."
    />
  );
}

function FileBanner() {
  const app = useApp();
  const [, setTab] = useProjectTab();
  const status = useAppState((state) => state.open?.document.image.status ?? null);
  const opening = useAppState((state) => state.opening?.failure ?? null);
  const encoding = useAppState((state) => state.open?.encoding.failure ?? null);
  const folders = (
    <Button
      onClick={() => {
        setTab('folders');
        openSheet(app, 'export');
      }}
    >
      Folders of photos
    </Button>
  );
  if (opening) return <FailureNote failure={opening}>{opening.code === 'io' ? folders : null}</FailureNote>;
  if (status === 'missing') {
    return (
      <Note
        tone="warn"
        title="The file of this image is missing"
        hint="Its annotations are kept. Put the photo back, or say where its folder has gone."
      >
        {folders}
      </Note>
    );
  }
  if (status === 'changed') {
    return (
      <Note
        tone="warn"
        title="This file is not the photo that was annotated"
        hint="Masks were made on other content and may not fit."
      />
    );
  }
  return <FailureNote failure={encoding} />;
}

/** @file The stage of choosing images: filters, what fits, quotas. */
import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { enterPicking, openSource } from '../../tools/picking.ts';
import { useApp, useAppState } from '../app-context.ts';
import { Bar } from '../parts/Bar.tsx';
import { FailureNote } from '../parts/FailureNote.tsx';
import { ApplyBar } from './ApplyBar.tsx';
import { FilterPanel } from './FilterPanel.tsx';
import { PhotoGrid } from './PhotoGrid.tsx';
import { QuotaPanel } from './QuotaPanel.tsx';
import { SourceForm } from './SourceForm.tsx';
import { SourceLine } from './SourceLine.tsx';
import './select.css';

export function SelectStage() {
  const app = useApp();
  const session = useAppState((state) => state.project.info?.session);
  const hasSource = useAppState(({ picking }) => picking.data !== null && picking.data.source !== null);
  const [choosing, setChoosing] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another project is entered anew.
  useEffect(() => void enterPicking(app), [app, session]);
  if (!hasSource || choosing) return <Source other={hasSource} onDone={() => setChoosing(false)} />;
  return (
    <main className="pick" aria-label="Select images">
      <h1 className="sr-only">Select images</h1>
      <section className="pick-side" aria-label="Filter">
        <SourceLine onOther={() => setChoosing(true)} />
        <FilterPanel />
      </section>
      <PhotoGrid />
      <section className="pick-side" aria-label="Quotas">
        <QuotaPanel />
        <ApplyBar />
      </section>
    </main>
  );
}

/** Before a file is read: which one, how far it is, or why it cannot be. */
function Source({ other, onDone }: { readonly other: boolean; readonly onDone: () => void }) {
  const app = useApp();
  const { data, working, failure } = useAppState(({ picking }) => picking);
  return (
    <main className="pick-source" aria-label="Select images">
      <h1>Select images</h1>
      <FailureNote failure={failure}>
        <Button onClick={() => void enterPicking(app)}>Try again</Button>
      </FailureNote>
      {working ? <Bar label={working.what} done={working.done} total={working.total} /> : null}
      {!working && (data || failure) ? (
        <>
          <p className="quiet">
            Choose from the photos of a COCO annotation file: those with several instances of a class, balanced over
            classes. What you keep becomes part of this project, with its instances.
          </p>
          <SourceForm
            action="Read the file"
            onTake={async (coco, photos) => {
              if (await openSource(app, coco.handle, photos.handle)) onDone();
            }}
            {...(other ? { onCancel: onDone } : {})}
          />
        </>
      ) : null}
    </main>
  );
}

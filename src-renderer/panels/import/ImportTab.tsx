/**
 * @file Import: choose a file or folder, see what would come in and what would not, then bring it in. Nothing is written
 * before that has been seen.
 */
import { Button, Select } from '@mantine/core';
import { useState } from 'react';
import { type ImportFormat, importFormats } from '../../../src-main/contract/import.ts';
import { closeSheet } from '../../tools/view.ts';
import { useApp } from '../app-context.ts';
import { Bar } from '../parts/Bar.tsx';
import { FailureNote } from '../parts/FailureNote.tsx';
import { FolderChooser } from '../parts/FolderChooser.tsx';
import { Section } from '../parts/Sheet.tsx';
import { useCall } from '../parts/use-call.ts';
import { formatNames } from './import-words.ts';
import { ReportCard } from './ReportCard.tsx';

type Chosen = { readonly handle: string; readonly name: string };

const formats = [
  { value: '', label: 'Found from the content' },
  ...importFormats.map((value) => ({ value, label: formatNames[value] })),
];

export function ImportTab() {
  const app = useApp();
  const call = useCall('project.import');
  const [chosen, setChosen] = useState<Chosen | null>(null);
  // The folder that was looked through last: a second import is often beside the first.
  const [folder, setFolder] = useState<string | undefined>(undefined);
  const [format, setFormat] = useState<ImportFormat | ''>('');
  const report = call.busy ? null : (call.value?.report ?? null);
  const run = (from: Chosen, named: ImportFormat | '', dryRun: boolean) =>
    call.run({ from: from.handle, dryRun, ...(named === '' ? {} : { format: named }) });
  const choose = (from: Chosen, where: string) => {
    setChosen(from);
    setFolder(where);
    run(from, format, true);
  };
  return (
    <div className="tab">
      <Section
        title="Annotations of other files"
        note="COCO, LabelMe, ReasonSeg, YOLO segmentation, or another annotator's project, for photos of this project. It only adds: nothing of yours is overwritten."
      >
        {chosen ? (
          <div className="row wrap">
            <span className="grow">
              <code>{chosen.name}</code>
            </span>
            <Select
              aria-label="Format"
              data={formats}
              value={format}
              allowDeselect={false}
              disabled={call.busy}
              onChange={(value) => {
                const named = importFormats.find((known) => known === value) ?? '';
                setFormat(named);
                run(chosen, named, true);
              }}
            />
            <Button disabled={call.busy} onClick={() => setChosen(null)}>
              Choose another
            </Button>
          </div>
        ) : (
          <FolderChooser
            action="Take this folder"
            files={['json', 'yaml']}
            from={folder}
            onFile={(file, where) => choose(file, where.handle)}
            onChoose={(listing) => choose(listing, listing.handle)}
            describe={({ name, project }) =>
              project ? `"${name}" is a project.` : 'COCO is a file; LabelMe, ReasonSeg and YOLO are folders.'
            }
            onCancel={() => closeSheet(app)}
          />
        )}
        {chosen && call.busy ? (
          <Bar
            label={call.progress?.stage === 'write' ? 'Writing' : 'Reading'}
            done={call.progress?.stage === 'write' ? 0 : (call.progress?.done ?? 0)}
            total={call.progress?.stage === 'write' ? 0 : (call.progress?.total ?? 0)}
            onCancel={call.cancel}
          />
        ) : null}
        {chosen ? <FailureNote failure={call.failure} /> : null}
        {chosen && report && !call.failure ? (
          <ReportCard report={report} onImport={() => run(chosen, format, false)} />
        ) : null}
      </Section>
    </div>
  );
}

/** @file Export: which form, options, progress, and what was written. It replaces an older one only when it was read back. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import type { Input } from '../../../src-main/contract/api.ts';
import { profileFacts } from '../../../src-main/contract/export-profiles.ts';
import { useApp } from '../app-context.ts';
import { Bar } from '../parts/Bar.tsx';
import { FailureNote } from '../parts/FailureNote.tsx';
import { Section } from '../parts/Sheet.tsx';
import { useCall } from '../parts/use-call.ts';
import { type ExportChoice, ExportFields } from './ExportFields.tsx';
import { ExportWritten } from './ExportWritten.tsx';

const stages = { write: 'Writing', check: 'Reading it back and comparing', pack: 'Packing the ZIP' } as const;

export function ExportTab() {
  const app = useApp();
  const [choice, setChoice] = useState<ExportChoice>({
    profile: 'coco',
    name: '',
    all: false,
    onlyQueried: false,
    segmentation: 'auto',
    photos: true,
    // A browser may be on another machine than the project.
    archive: app.host.kind === 'web',
  });
  const call = useCall('project.export');
  const { use, cannot } = profileFacts[choice.profile];
  return (
    <div className="tab">
      <Section title="Export" note={use}>
        <p className="quiet">{cannot}</p>
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            call.run(toInput(choice));
          }}
        >
          <ExportFields choice={choice} onChange={setChoice} />
          <div className="row">
            <Button type="submit" variant="filled" disabled={call.busy}>
              Export
            </Button>
          </div>
        </form>
        {call.busy ? (
          <Bar
            label={stages[call.progress?.stage ?? 'write']}
            done={call.progress?.done ?? 0}
            total={call.progress?.total ?? 0}
            onCancel={call.cancel}
          />
        ) : null}
        <FailureNote failure={call.failure} />
        {call.value && !call.busy ? <ExportWritten result={call.value} /> : null}
      </Section>
    </div>
  );
}

/** What the form has no field for is left as the application has it. */
function toInput({ name, photos, ...rest }: ExportChoice): Input<'project.export'> {
  const own = name.trim();
  return { ...rest, photos: photos ? 'copy' : 'none', ...(own === '' ? {} : { name: own }) };
}

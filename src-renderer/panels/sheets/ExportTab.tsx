/** @file Export: options, progress, and what was written. The file replaces an older one only when it was read back. */
import { Button, Checkbox, SegmentedControl, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { ExportResult } from '../../../src-main/contract/methods-project.ts';
import { useApp, useAppState } from '../app-context.ts';
import { Icon } from '../icons.tsx';
import { Bar } from '../parts/Bar.tsx';
import { FailureNote } from '../parts/FailureNote.tsx';
import { bytes, count } from '../parts/format.ts';
import { Section } from '../parts/Sheet.tsx';
import { useCall } from '../parts/use-call.ts';

export function ExportTab() {
  const project = useAppState((state) => state.project.info?.name ?? '');
  const [name, setName] = useState('');
  const [all, setAll] = useState(false);
  const [onlyQueried, setOnlyQueried] = useState(false);
  const [segmentation, setSegmentation] = useState<'auto' | 'rle'>('auto');
  const call = useCall('project.export');
  const start = () =>
    call.run({
      profile: 'coco',
      all,
      onlyQueried,
      segmentation,
      ...(name.trim() === '' ? {} : { name: name.trim() }),
    });
  return (
    <div className="tab">
      <Section
        title="COCO with queries"
        note="Standard COCO, with a list of queries beside it that names the annotations of each answer. Tools that know COCO read it and skip the rest."
      >
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            start();
          }}
        >
          <TextInput
            label="Name of the file"
            description="In the project's folder, under exports"
            placeholder={project}
            maxLength={120}
            value={name}
            onChange={(e) => setName(e.target.value)}
          />
          <Checkbox
            label="Also queries that are not decided yet"
            checked={all}
            onChange={(e) => setAll(e.target.checked)}
          />
          <Checkbox
            label="Without masks that answer no exported query"
            checked={onlyQueried}
            onChange={(e) => setOnlyQueried(e.target.checked)}
          />
          <div className="row wrap">
            <span id="segmentation-label">Masks as</span>
            <SegmentedControl
              aria-labelledby="segmentation-label"
              data={[
                { value: 'auto', label: 'Polygons, RLE where a hole would be lost' },
                { value: 'rle', label: 'RLE' },
              ]}
              value={segmentation}
              onChange={setSegmentation}
            />
          </div>
          <div className="row">
            <Button type="submit" variant="filled" disabled={call.busy}>
              Export
            </Button>
          </div>
        </form>
        {call.busy ? (
          <Bar
            label={call.progress?.stage === 'check' ? 'Reading it back and comparing' : 'Writing'}
            done={call.progress?.done ?? 0}
            total={call.progress?.total ?? 0}
            onCancel={call.cancel}
          />
        ) : null}
        <FailureNote failure={call.failure} />
        {call.value && !call.busy ? <Written result={call.value} /> : null}
      </Section>
    </div>
  );
}

function Written({ result }: { readonly result: ExportResult }) {
  const app = useApp();
  const facts = [
    count(result.images, 'image'),
    count(result.annotations, 'annotation'),
    count(result.queries, 'query', 'queries'),
    count(result.categories, 'category', 'categories'),
    bytes(result.bytes),
  ];
  return (
    <div className="card" role="status">
      <p className="row good">
        <Icon name="check" />
        <strong>Written, read back and compared</strong>
      </p>
      <p className="number">{facts.join(', ')}</p>
      <p>
        <code>{result.file}</code>
      </p>
      {result.notes.length > 0 ? (
        <ul className="notes">
          {result.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      ) : null}
      <div className="row">
        <Button component="a" href={app.host.exportUrl(result.name)} download={result.name}>
          <Icon name="download" />
          <span className="after-icon">Download</span>
        </Button>
      </div>
    </div>
  );
}

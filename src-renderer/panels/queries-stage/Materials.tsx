/** @file Captions of a COCO file, and queries from a list: what needs no model. */
import { Button, FileButton, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { ListReport } from '../../../src-main/contract/methods-generate.ts';
import { readList } from '../../tools/writing-list.ts';
import { useApp } from '../app-context.ts';
import { FailureNote } from '../parts/FailureNote.tsx';
import { FolderChooser } from '../parts/FolderChooser.tsx';
import { count } from '../parts/format.ts';
import { Section } from '../parts/Sheet.tsx';
import { useCall } from '../parts/use-call.ts';

export function Materials() {
  return (
    <div className="tab">
      <Captions />
      <Lists />
    </div>
  );
}

function Captions() {
  const [choosing, setChoosing] = useState(false);
  const load = useCall('captions.load');
  return (
    <Section
      title="Captions"
      note="A COCO captions file, such as captions_val2017.json. Its captions take the place of those that the photos had."
    >
      {choosing ? (
        <FolderChooser
          files={['json']}
          busy={load.busy}
          onFile={(file) => {
            setChoosing(false);
            void load.run({ file: file.handle });
          }}
          onCancel={() => setChoosing(false)}
        />
      ) : (
        <div className="row">
          <Button onClick={() => setChoosing(true)} loading={load.busy}>
            Choose the file
          </Button>
        </div>
      )}
      <FailureNote failure={load.failure} />
      {load.value ? (
        <p role="status">
          {count(load.value.captions, 'caption')} of {count(load.value.images, 'image')};{' '}
          {count(load.value.unknown, 'image')} of the file {load.value.unknown === 1 ? 'is' : 'are'} not in the project.
        </p>
      ) : null}
    </Section>
  );
}

/** Larger lists go through the command line. */
const mostLetters = 5_000_000;

function Lists() {
  const app = useApp();
  const [text, setText] = useState('');
  const [tooLong, setTooLong] = useState(false);
  const read = useCall('queries.import');
  const take = async (file: File | null) => {
    if (!file) return;
    setTooLong(file.size > mostLetters);
    if (file.size <= mostLetters) setText(await file.text());
  };
  return (
    <Section
      title="Queries from a list"
      note="One a line: the image, a tab, the query; or JSON with image and query, and form and reasoning_type where known. They become draft queries."
    >
      <Textarea
        aria-label="List of queries"
        autosize
        minRows={4}
        maxRows={12}
        placeholder={'000000000139.jpg\tWhat could one sit on to watch the news?'}
        value={text}
        onChange={(e) => setText(e.target.value)}
      />
      <div className="row">
        <FileButton accept=".tsv,.txt,.jsonl,.csv" onChange={(file) => void take(file)}>
          {(props) => <Button {...props}>From a file</Button>}
        </FileButton>
        <Button
          variant="filled"
          disabled={text.trim() === ''}
          loading={read.busy}
          onClick={() => void read.run({ text }).then((report) => report && readList(app, false))}
        >
          Add the queries
        </Button>
      </div>
      {tooLong ? (
        <p className="warn">The file is too large for the page: read it with "dataset generate --queries".</p>
      ) : null}
      <FailureNote failure={read.failure} />
      {read.value ? <Report report={read.value} /> : null}
    </Section>
  );
}

function Report({ report }: { readonly report: ListReport }) {
  return (
    <div className="card" role="status">
      <p>
        <strong>
          {count(report.read, 'line')}, {count(report.added, 'query', 'queries')} added
        </strong>
      </p>
      {report.skipped.map(({ reason, count: lines, examples }) => (
        <details key={reason} className="details">
          <summary>
            {lines} left out: {reason}
          </summary>
          <ul className="notes">
            {examples.map((example) => (
              <li key={example}>{example}</li>
            ))}
          </ul>
        </details>
      ))}
    </div>
  );
}

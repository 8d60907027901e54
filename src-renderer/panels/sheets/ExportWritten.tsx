/** @file What an export wrote: where it lies, what is in it, what the form could not hold, and a download. */
import { Button } from '@mantine/core';
import type { ExportResult } from '../../../src-main/contract/methods-project.ts';
import { useApp } from '../app-context.ts';
import { Icon } from '../icons.tsx';
import { bytes, count } from '../parts/format.ts';

export function ExportWritten({ result }: { readonly result: ExportResult }) {
  const app = useApp();
  const { images, annotations, queries, categories, files, losses, fidelity, download } = result;
  const facts = [
    ...(files > 1 ? [count(files, 'file')] : []),
    count(images, 'image'),
    count(annotations, 'annotation'),
    count(queries, 'query', 'queries'),
    count(categories, 'category', 'categories'),
    bytes(result.bytes),
  ];
  const lost = new Set(losses.map(({ text }) => text));
  const notes = result.notes.filter((note) => !lost.has(note));
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
      {fidelity.masks > 0 && fidelity.exact === fidelity.masks ? <p>Every mask is exact, pixel by pixel.</p> : null}
      <Notes items={notes} />
      {lost.size > 0 ? <strong>Lost or different in this form</strong> : null}
      <Notes items={[...lost]} />
      {download === null ? null : (
        <div className="row">
          <Button component="a" href={app.host.exportUrl(download)} download={download}>
            <Icon name="download" />
            <span className="after-icon">Download</span>
          </Button>
        </div>
      )}
    </div>
  );
}

function Notes({ items }: { readonly items: readonly string[] }) {
  if (items.length === 0) return null;
  return (
    <ul className="notes">
      {items.map((note) => (
        <li key={note}>{note}</li>
      ))}
    </ul>
  );
}

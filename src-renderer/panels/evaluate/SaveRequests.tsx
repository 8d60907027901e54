/** @file The accepted queries as a file for `batch`: how a model that runs elsewhere is put to them. */
import { Button } from '@mantine/core';
import { useApp } from '../app-context.ts';
import { Icon } from '../icons.tsx';
import { FailureNote } from '../parts/FailureNote.tsx';
import { count } from '../parts/format.ts';
import { useCall } from '../parts/use-call.ts';

export function SaveRequests() {
  const app = useApp();
  const { run, busy, failure, value } = useCall('evaluate.requests');
  return (
    <div className="card">
      <p>A model that runs elsewhere gets the queries as a file, and answers with a results file:</p>
      <div className="row wrap">
        <Button onClick={() => run({})} loading={busy}>
          Save the queries for batch
        </Button>
        {value ? (
          <Button component="a" href={app.host.exportUrl(value.name)} download={value.name}>
            <Icon name="download" />
            <span className="after-icon">{count(value.queries, 'query', 'queries')}</span>
          </Button>
        ) : null}
      </div>
      {value ? (
        <code>
          npm run -s cli -- batch "{value.name}"{value.images === '' ? '' : ` --root "${value.images}"`} --out
          results.jsonl
        </code>
      ) : null}
      <FailureNote failure={failure} />
    </div>
  );
}

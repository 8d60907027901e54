/** @file One endpoint: where it is, whether it can be asked, and a test that shows what the model said. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import type { EndpointState } from '../../../src-main/contract/methods-models.ts';
import { chosenReasoner } from '../../document/selectors.ts';
import { useAppState } from '../app-context.ts';
import { Icon } from '../icons.tsx';
import { FailureNote, Note } from '../parts/FailureNote.tsx';
import { milliseconds } from '../parts/format.ts';
import { useCall } from '../parts/use-call.ts';
import { useSettings } from './use-settings.ts';

type CardProps = {
  readonly state: EndpointState;
  readonly onEdit: () => void;
  readonly onChanged: () => void;
};

export function EndpointCard({ state, onEdit, onChanged }: CardProps) {
  const { id, title, endpoint, ready, bundled } = state;
  const { write } = useSettings();
  const chosen = useAppState((state) => chosenReasoner(state)?.id === id);
  const test = useCall('endpoint.test');
  const remove = useCall('endpoints.remove');
  const [removing, setRemoving] = useState(false);

  return (
    <article className="card" aria-label={title}>
      <div className="row wrap">
        <strong className="grow">{title}</strong>
        <span className={`row ${ready ? 'good' : 'warn'}`}>
          <Icon name={ready ? 'check' : 'key'} />
          {ready ? 'Ready' : 'Needs its key'}
        </span>
        <Button disabled={chosen} onClick={() => write({ reasoner: id })}>
          {chosen ? 'In use' : 'Use'}
        </Button>
        <Button onClick={() => test.run({ endpoint: id })} loading={test.busy}>
          Test
        </Button>
        {bundled ? null : <Button onClick={onEdit}>Edit</Button>}
        {bundled ? null : <Button onClick={() => setRemoving(!removing)}>Remove</Button>}
      </div>
      {removing ? (
        <Note
          tone="warn"
          title={`Remove "${title}"?`}
          hint="Its settings and its key go. Queries that it answered stay."
        >
          <Button
            loading={remove.busy}
            onClick={async () => {
              if (await remove.run({ id })) onChanged();
            }}
          >
            Remove
          </Button>
          <Button onClick={() => setRemoving(false)}>Keep</Button>
        </Note>
      ) : null}
      <FailureNote failure={remove.failure ?? test.failure} />
      <TestAnswer answer={test.value} />
      <dl className="facts">
        <dt>Address</dt>
        <dd>{endpoint.baseUrl}</dd>
        <dt>Model</dt>
        <dd>{endpoint.model}</dd>
        <dt>Key</dt>
        <dd>{keyText(state)}</dd>
      </dl>
    </article>
  );
}

type Answer = NonNullable<ReturnType<typeof useCall<'endpoint.test'>>['value']>;

/** What the model said about a plain red picture. */
function TestAnswer({ answer }: { readonly answer: Answer | null }) {
  if (!answer) return null;
  return (
    <div className="stack" role="status">
      <p>
        <span className="good">It answers</span>, after {milliseconds(answer.ms)}. About a plain red picture it said:
      </p>
      <blockquote className="quote">{answer.answer === '' ? '(nothing)' : answer.answer}</blockquote>
      {answer.listed === false ? (
        <p className="warn">The server does not list "{answer.model}" among its models.</p>
      ) : null}
    </div>
  );
}

function keyText({ key, endpoint }: EndpointState): string {
  if (key === 'keychain') return "In the system's keychain";
  if (key === 'environment') return `From the environment variable ${endpoint.keyVariable ?? ''}`;
  return 'None';
}

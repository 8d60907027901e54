/** @file A language model of a pack: what it knows, and whether queries go to it. Its files are listed with the packs. */
import { Button } from '@mantine/core';
import type { Reasoner } from '../../../src-main/contract/methods-models.ts';
import { chosenReasoner } from '../../document/selectors.ts';
import { useAppState } from '../app-context.ts';
import { Icon } from '../icons.tsx';
import { useSettings } from './use-settings.ts';

export function LocalReasonerCard({ reasoner }: { readonly reasoner: Reasoner }) {
  const { id, title, ready, domain } = reasoner;
  const { write } = useSettings();
  const chosen = useAppState((state) => chosenReasoner(state)?.id === id);
  return (
    <article className="card" aria-label={title}>
      <div className="row wrap">
        <strong className="grow">{title}</strong>
        <span className={`row ${ready ? 'good' : 'bad'}`}>
          <Icon name={ready ? 'check' : 'error'} />
          {ready ? 'Runs on this machine' : 'Its files are damaged'}
        </span>
        <Button disabled={chosen || !ready} onClick={() => write({ reasoner: id })}>
          {chosen ? 'In use' : 'Use'}
        </Button>
      </div>
      <dl className="facts">
        <dt>Knows</dt>
        <dd>{domain}</dd>
      </dl>
    </article>
  );
}

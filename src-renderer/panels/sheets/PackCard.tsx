/** @file One installed model pack: where it comes from, its size, and whether its files are what they should be. */
import { Button } from '@mantine/core';
import type { Output } from '../../../src-main/contract/api.ts';
import { useAppState } from '../app-context.ts';
import { Icon } from '../icons.tsx';
import { Bar } from '../parts/Bar.tsx';
import { FailureNote } from '../parts/FailureNote.tsx';
import { bytes } from '../parts/format.ts';
import { useCall } from '../parts/use-call.ts';
import { useSettings } from './use-settings.ts';

type PackState = Output<'models.list'>['packs'][number];

const states: Record<PackState['state'], { readonly text: string; readonly tone: string }> = {
  ready: { text: 'Files checked', tone: 'good' },
  unverified: { text: 'Not checked yet', tone: 'quiet' },
  damaged: { text: 'Damaged', tone: 'bad' },
};

export function PackCard({ pack, onChanged }: { readonly pack: PackState; readonly onChanged: () => void }) {
  const verify = useCall('models.verify');
  const { write } = useSettings();
  const segmenter = useAppState((state) => state.settings.segmenter);
  const state = verify.value ? states.ready : states[pack.state];
  const check = async () => {
    await verify.run({ id: pack.id });
    onChanged();
  };
  return (
    <article className="card" aria-label={pack.title}>
      <div className="row wrap">
        <strong className="grow">{pack.title}</strong>
        <span className={`row ${state.tone}`}>
          <Icon name={pack.state === 'damaged' ? 'error' : 'accept'} />
          {state.text}
        </span>
        {pack.kind === 'segmenter' ? (
          <Button disabled={pack.id === segmenter} onClick={() => write({ segmenter: pack.id })}>
            {pack.id === segmenter ? 'In use' : 'Use'}
          </Button>
        ) : null}
        <Button onClick={check} loading={verify.busy}>
          Verify
        </Button>
      </div>
      {verify.busy ? (
        <Bar
          label={verify.progress ? `Reading ${verify.progress.file}` : 'Reading files'}
          done={verify.progress?.done ?? 0}
          total={verify.progress?.total ?? 0}
          onCancel={verify.cancel}
        />
      ) : null}
      <FailureNote failure={verify.failure} />
      <dl className="facts">
        <dt>Kind</dt>
        <dd>
          {pack.kind}
          {pack.bundled ? ', comes with the application' : ''}
        </dd>
        <dt>Size</dt>
        <dd className="number">{bytes(pack.size)}</dd>
        <dt>Licence</dt>
        <dd>{pack.licence}</dd>
        <dt>Source</dt>
        <dd>{pack.source}</dd>
        <dt>Folder</dt>
        <dd>{pack.folder}</dd>
      </dl>
    </article>
  );
}

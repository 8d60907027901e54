/** @file Statistics: how much is done, what a mask cost, how often the model was right. */
import { Button } from '@mantine/core';
import { FailureNote } from '../parts/FailureNote.tsx';
import { Section } from '../parts/Sheet.tsx';
import { useAnswer } from '../parts/use-call.ts';

export function StatsTab() {
  const { value, failure, again, busy } = useAnswer('project.stats', {});
  return (
    <div className="tab">
      <FailureNote failure={failure} />
      {value ? (
        <>
          <Section
            title="What a mask cost"
            note="The person's time and clicks from the moment a mask came on screen until it was accepted: medians."
            aside={
              <Button onClick={again} loading={busy}>
                Count again
              </Button>
            }
          >
            <dl className="figures">
              <Figure name="seconds per mask" value={value.median.seconds} digits={1} />
              <Figure name="clicks per mask" value={value.median.clicks} digits={1} />
              <Figure name="% of proposals accepted" value={rate(value.proposals)} digits={0} />
            </dl>
          </Section>
          <Section title="Images">
            <dl className="figures">
              <Figure name="in all" value={value.images.total} />
              <Figure name="done" value={value.images.done} />
              <Figure name="open" value={value.images.open} />
              <Figure name="new" value={value.images.new} />
            </dl>
          </Section>
          <Section title="Queries and masks">
            <dl className="figures">
              <Figure name="queries accepted" value={value.queries.accepted} />
              <Figure name="of them: nothing matches" value={value.queries.noTarget} />
              <Figure name="queries rejected" value={value.queries.rejected} />
              <Figure name="queries undecided" value={value.queries.draft + value.queries.proposed} />
              <Figure name="masks" value={value.instances} />
              <Figure name="proposals waiting" value={value.proposals.pending} />
            </dl>
          </Section>
        </>
      ) : null}
    </div>
  );
}

type FigureProps = { readonly name: string; readonly value: number | null; readonly digits?: number };

function Figure({ name, value, digits = 0 }: FigureProps) {
  const text = value === null ? '-' : value.toLocaleString(undefined, { maximumFractionDigits: digits });
  return (
    <div className="figure">
      <dt className="quiet">{name}</dt>
      <dd className="number">{text}</dd>
    </div>
  );
}

function rate({ accepted, rejected }: { readonly accepted: number; readonly rejected: number }): number | null {
  const decided = accepted + rejected;
  return decided === 0 ? null : (100 * accepted) / decided;
}

/** @file The job that is not at its end, in one line over the list: how far it is, what it costs, pause and go on. */
import { Button, Progress } from '@mantine/core';
import type { Generation } from '../../../src-main/contract/generate.ts';
import { unfinished } from '../../document/writing.ts';
import { useAppState } from '../app-context.ts';
import { FailureNote } from '../parts/FailureNote.tsx';
import { count, milliseconds, percent } from '../parts/format.ts';
import { useCall } from '../parts/use-call.ts';

export function JobLine() {
  const job = useAppState(({ writing }) => unfinished(writing));
  if (!job) return null;
  return (
    <section className="panel-part" aria-label="Generation">
      <JobFacts job={job} />
      <JobButtons job={job} />
    </section>
  );
}

export const amount = (cost: number | null): string =>
  cost === null ? '' : cost.toLocaleString(undefined, { minimumFractionDigits: 2, maximumFractionDigits: 4 });

export function JobFacts({ job }: { readonly job: Generation }) {
  const {
    answered,
    failed,
    waiting,
    candidates,
    inputTokens,
    outputTokens,
    cost,
    costLeft,
    secondsLeft,
    state,
    reason,
  } = job;
  const total = answered + failed + waiting;
  const label = `${answered + failed} of ${count(total, 'question')} asked`;
  const facts = [
    count(candidates, 'candidate'),
    failed > 0 ? `${failed} failed` : null,
    `${(inputTokens + outputTokens).toLocaleString()} tokens`,
    cost === null ? null : `cost ${amount(cost)}${costLeft ? `, ${amount(costLeft)} to come` : ''}`,
    state === 'running' && secondsLeft !== null ? `${milliseconds(1000 * secondsLeft)} left` : null,
  ];
  return (
    <div className="stack">
      <div className="row">
        <span className="grow cut">{label}</span>
        <span className="quiet small">{state}</span>
      </div>
      <Progress value={percent(answered + failed, total)} size="sm" aria-label={label} animated={state === 'running'} />
      <p className="quiet small number">{facts.filter((fact) => fact !== null).join(', ')}</p>
      {reason ? <p className={state === 'paused' ? 'warn small' : 'quiet small'}>{reason}</p> : null}
      {job.failures.map(({ reason: why, count: times }) => (
        <p key={why} className="bad small">
          {times} x {why}
        </p>
      ))}
    </div>
  );
}

export function JobButtons({ job }: { readonly job: Generation }) {
  const pause = useCall('generate.pause');
  const resume = useCall('generate.resume');
  const cancel = useCall('generate.cancel');
  const { id: generationId, state, failed, waiting } = job;
  const goOn = (retryFailed: boolean) => resume.run({ generationId, retryFailed });
  if (state === 'cancelled' || (state === 'done' && failed === 0)) return null;
  return (
    <div className="row wrap">
      {state === 'running' ? (
        <Button size="xs" onClick={() => pause.run({ generationId })} loading={pause.busy}>
          Pause
        </Button>
      ) : null}
      {state === 'paused' && waiting > 0 ? (
        <Button size="xs" variant="filled" onClick={() => goOn(false)} loading={resume.busy}>
          Go on
        </Button>
      ) : null}
      {state !== 'running' && failed > 0 ? (
        <Button size="xs" onClick={() => goOn(true)} loading={resume.busy}>
          Ask what failed again
        </Button>
      ) : null}
      {state === 'done' ? null : (
        <Button size="xs" onClick={() => cancel.run({ generationId })} loading={cancel.busy}>
          Give up
        </Button>
      )}
      <FailureNote failure={resume.failure ?? pause.failure ?? cancel.failure} />
    </div>
  );
}

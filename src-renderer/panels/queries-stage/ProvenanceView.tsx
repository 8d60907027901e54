/** @file Where a candidate comes from: who was asked what, when, at which cost, and the answer as it came. */
import { FailureNote } from '../parts/FailureNote.tsx';
import { milliseconds } from '../parts/format.ts';
import { useAnswer } from '../parts/use-call.ts';

export function ProvenanceView({ candidateId }: { readonly candidateId: number }) {
  const { value, failure } = useAnswer('candidate.provenance', { candidateId });
  const from = value?.provenance;
  if (!from) return <FailureNote failure={failure} />;
  const { template, model, endpoint, url, at, ms, seed, temperature, inputTokens, outputTokens, className } = from;
  const facts: [string, string][] = [
    ['Model', `${model} (${endpoint}, ${url})`],
    ['Template', `${template.name}, version ${template.version}`],
    ['Asked about', className ?? 'no class'],
    ['When', `${new Date(at).toLocaleString()}, ${milliseconds(ms)}`],
    ['Tokens', `${inputTokens.toLocaleString()} in, ${outputTokens.toLocaleString()} out`],
    ['Seed', `${seed}, temperature ${temperature}`],
  ];
  return (
    <section className="panel-part provenance" aria-label="Where it comes from">
      <dl>
        {facts.map(([name, text]) => (
          <div key={name} className="row">
            <dt className="quiet">{name}</dt>
            <dd className="grow">{text}</dd>
          </div>
        ))}
      </dl>
      <details className="details">
        <summary>What was asked</summary>
        <pre>{from.prompt}</pre>
      </details>
      <details className="details">
        <summary>The answer as it came</summary>
        <pre>{from.raw}</pre>
      </details>
    </section>
  );
}

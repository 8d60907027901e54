/** @file What the models run on: chosen by trying, with the reason where something faster could not be used. */
import { Button } from '@mantine/core';
import type { ProviderReport } from '../../../src-main/contract/provider.ts';
import { useAppState } from '../app-context.ts';
import { FailureNote } from '../parts/FailureNote.tsx';
import { bytes } from '../parts/format.ts';
import { Section } from '../parts/Sheet.tsx';
import { useAnswer, useCall } from '../parts/use-call.ts';
import { providerName, providerSummary } from '../status/provider.ts';

export function DeviceSection() {
  const pack = useAppState((state) => state.settings.segmenter);
  const status = useAnswer('engine.status', {});
  const known = useAppState((state) => state.engine.provider);
  const test = useCall('engine.load');
  const loaded = status.value?.segmenters.find((one) => one.pack === pack);
  const report = test.value?.provider ?? loaded?.provider ?? known;

  const runTest = async () => {
    await test.run({ pack });
    status.again();
  };
  return (
    <Section
      title="Device"
      aside={
        <Button onClick={runTest} loading={test.busy}>
          Test
        </Button>
      }
    >
      <div className="card">
        <ProviderFacts report={report} />
        <FailureNote failure={test.failure ?? status.failure} />
        {status.value ? (
          <dl className="facts">
            <dt>Segmenter</dt>
            <dd>{pack}</dd>
            <dt>Memory of the engine</dt>
            <dd className="number">{bytes(status.value.residentBytes)}</dd>
            <dt>Encoded photos kept</dt>
            <dd className="number">
              {status.value.embeddings.count} ({bytes(status.value.embeddings.bytes)})
            </dd>
            <dt>Prompts at once</dt>
            <dd className="number">{test.value?.batchSize ?? loaded?.batchSize ?? '-'}</dd>
          </dl>
        ) : null}
      </div>
    </Section>
  );
}

export function ProviderFacts({ report }: { readonly report: ProviderReport | null }) {
  return (
    <>
      <p aria-live="polite">
        <strong>{providerSummary(report)}</strong>
      </p>
      {report && report.refused.length > 0 ? (
        <div className="stack">
          <p>Tried before, and why it could not be used:</p>
          <dl className="facts">
            {report.refused.map(({ provider, reason }) => [
              <dt key={`${provider}-name`}>{providerName(provider)}</dt>,
              <dd key={provider}>
                <code>{reason}</code>
              </dd>,
            ])}
          </dl>
        </div>
      ) : null}
    </>
  );
}

/** @file What became of the proposals of each model: a bar in four parts, and the numbers beside it. */
import type { Figures } from '../../../src-main/contract/figures.ts';
import { modelName } from './charts.ts';

const fates = [
  ['asProposed', 'as proposed'],
  ['corrected', 'corrected'],
  ['rejected', 'rejected'],
  ['waiting', 'waiting'],
] as const;

export function ModelTable({ models }: Pick<Figures['work'], 'models'>) {
  if (models.length === 0) return <p className="quiet">No model was asked in this project yet.</p>;
  return (
    <table className="figures-table model-table">
      <caption className="sr-only">Proposals of each model</caption>
      <thead>
        <tr>
          <th scope="col">model</th>
          <th scope="col" className="fate-column">
            <span className="sr-only">as a bar</span>
          </th>
          {fates.map(([key, name]) => (
            <th key={key} scope="col">
              <span className="fate-key" data-fate={key} aria-hidden="true" /> {name}
            </th>
          ))}
          <th scope="col">accepted</th>
          <th scope="col">runs</th>
        </tr>
      </thead>
      <tbody>
        {models.map((model) => (
          <tr key={modelName(model)}>
            <th scope="row" title={modelName(model)}>
              {modelName(model)}
            </th>
            <td>
              <FateBar model={model} />
            </td>
            {fates.map(([key]) => (
              <td key={key}>{model[key].toLocaleString()}</td>
            ))}
            <td>{model.acceptance === null ? '-' : `${(100 * model.acceptance).toFixed(0)} %`}</td>
            <td>{model.runs.toLocaleString()}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function FateBar({ model }: { readonly model: Figures['work']['models'][number] }) {
  const total = fates.reduce((sum, [key]) => sum + model[key], 0);
  let from = 0;
  return (
    <svg className="fate-bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
      {fates.map(([key]) => {
        const x = from;
        const width = total === 0 ? 0 : (100 * model[key]) / total;
        from += width;
        return <rect key={key} className="fate" data-fate={key} x={x} y={0} width={width} height={10} />;
      })}
    </svg>
  );
}

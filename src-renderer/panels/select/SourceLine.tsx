/** @file What is chosen from: the file, how much is in it, what of it cannot be used. */
import { useAppState } from '../app-context.ts';
import { count } from '../parts/format.ts';

export function SourceLine({ onOther }: { readonly onOther: () => void }) {
  const data = useAppState(({ picking }) => picking.data);
  const found = useAppState(({ picking }) => picking.found.length);
  if (!data?.source) return null;
  const { source, images, instances, absent, problems } = data;
  const name = (path: string) => path.split(/[\\/]/).at(-1) ?? path;
  return (
    <header className="stack pick-head">
      <div className="row">
        <strong className="cut grow" title={`${source.coco}\n${source.photos}`}>
          {name(source.coco)}
        </strong>
        <button type="button" className="link small" onClick={onOther}>
          Another file
        </button>
      </div>
      <p className="quiet small number">
        {count(images, 'image')}, {count(instances, 'instance')}, {count(data.categories.length, 'class', 'classes')}
      </p>
      {absent > 0 ? (
        <p className="warn small" title={source.photos}>
          {count(absent, 'photo')} not in {name(source.photos)}
        </p>
      ) : null}
      {problems.length > 0 ? (
        <details className="small">
          <summary className="warn">Not all of the file can be used</summary>
          <ul>
            {problems.map(({ what, count: number }) => (
              <li key={what}>
                {number.toLocaleString()}: {what}
              </li>
            ))}
          </ul>
        </details>
      ) : null}
      <p aria-live="polite" className="number">
        <strong>{found.toLocaleString()}</strong> fit
      </p>
    </header>
  );
}

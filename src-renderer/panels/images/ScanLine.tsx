/** @file What reading the folders of photos is doing, and what it found. */
import { useAppState } from '../app-context.ts';
import { count } from '../parts/format.ts';

export function ScanLine() {
  const info = useAppState((state) => state.project.info);
  const scan = useAppState((state) => state.project.scan);
  if (!info) return null;
  if (info.scanning) {
    return (
      <p className="images-foot small quiet number" role="status">
        Reading photos: {info.images.toLocaleString()} so far
      </p>
    );
  }
  if (!scan) return null;
  const parts = [
    scan.added > 0 ? `${count(scan.added, 'new photo')}` : '',
    scan.moved > 0 ? `${scan.moved} moved` : '',
    scan.missing > 0 ? `${scan.missing} missing` : '',
    scan.changed > 0 ? `${scan.changed} changed` : '',
    scan.skipped > 0 ? `${scan.skipped} left out` : '',
  ].filter((part) => part !== '');
  if (parts.length === 0 && scan.missingRoots.length === 0) return null;
  return (
    <details className="images-foot small">
      <summary className="quiet">{parts.join(', ') || 'A folder of photos is missing'}</summary>
      <ul className="stack">
        {scan.missingRoots.map((root) => (
          <li key={root} className="bad">
            Folder not found: {root}
          </li>
        ))}
        {scan.examples.map(({ path, reason }) => (
          <li key={path}>
            <code>{path}</code>: {reason}
          </li>
        ))}
      </ul>
    </details>
  );
}

/** @file An answer that is probably wrong, since the model knows other pictures than this one: what can be done next. */
import { doubtedReasoner } from '../../document/selectors.ts';
import { openSheet } from '../../tools/view.ts';
import { useApp, useAppState } from '../app-context.ts';
import { Icon } from '../icons.tsx';

export function DoubtLine() {
  const app = useApp();
  const doubted = useAppState(doubtedReasoner);
  if (!doubted) return null;
  return (
    <p className="panel-part doubt" role="note" aria-label="Doubtful answer">
      <Icon name="info" />
      <span>
        {doubted.title} may not know this photo. Click on the object, or{' '}
        <button type="button" className="link" onClick={() => openSheet(app, 'models')}>
          use another model
        </button>
        .
      </span>
    </p>
  );
}

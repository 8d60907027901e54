/** @file An answer that is probably wrong, since the model knows other pictures than this one: what can be done next. */
import { activeQuery, chosenReasoner, doubtedReasoner } from '../../document/selectors.ts';
import { askQuery } from '../../tools/ask.ts';
import { openSheet } from '../../tools/view.ts';
import { useApp, useAppState } from '../app-context.ts';
import { Icon } from '../icons.tsx';

export function DoubtLine() {
  const app = useApp();
  const doubted = useAppState(doubtedReasoner);
  const chosen = useAppState(chosenReasoner);
  const query = useAppState(activeQuery);
  if (!doubted || !query) return null;
  return (
    <p className="panel-part doubt" role="note" aria-label="Doubtful answer">
      <Icon name="info" />
      <span>
        {doubted.title} may not know this photo. Click on the object, or{' '}
        {chosen && chosen.id !== doubted.id ? (
          <button type="button" className="link" onClick={() => askQuery(app, query.id)}>
            ask {chosen.title}
          </button>
        ) : (
          <button type="button" className="link" onClick={() => openSheet(app, 'models')}>
            use another model
          </button>
        )}
        .
      </span>
    </p>
  );
}

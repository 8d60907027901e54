/**
 * @file Queries that came with the image, to try: under the empty query box, as long as the image has no query or when
 * they are asked for. One that was asked is not suggested again.
 */
import type { Suggestions } from '../../../src-main/contract/methods-project.ts';
import { openSuggestions } from '../../document/selectors.ts';
import { addQuery, setQueryText } from '../../tools/query.ts';
import { useApp, useAppState } from '../app-context.ts';
import { IconButton } from '../parts/IconButton.tsx';

type ButtonProps = { readonly shown: boolean; readonly onToggle: () => void };

/** Shows and hides them; nothing where none is left. */
export function SuggestionsButton({ shown, onToggle }: ButtonProps) {
  const suggestions = useAppState(openSuggestions);
  if (!suggestions || suggestions.texts.length === 0) return null;
  return <IconButton icon="bulb" label="Suggested queries" pressed={shown} onClick={onToggle} />;
}

export function SuggestedQueries({ suggestions }: { readonly suggestions: Suggestions }) {
  const app = useApp();
  const ask = (text: string) => {
    // Seen in the box for the moment until it is stored.
    setQueryText(app, text);
    addQuery(app, text);
  };
  return (
    <section className="suggestions" aria-label="Suggested queries">
      <h2 className="label">Try one of these</h2>
      <ul className="suggestion-list">
        {suggestions.texts.map((text) => (
          <li key={text}>
            <button type="button" className="suggestion" onClick={() => ask(text)}>
              {text}
            </button>
          </li>
        ))}
      </ul>
      <p className="small quiet">{suggestions.credit}</p>
    </section>
  );
}

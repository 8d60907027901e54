/**
 * @file A part of the page that cannot be drawn says so in its place; the rest goes on. Without this, React takes the
 * whole page away. React knows such a part as a class only.
 */
import { Component, type ReactNode } from 'react';
import './boundary.css';

type Props = {
  /** What could not be drawn, as the subject of a sentence. */
  readonly what: string;
  readonly children: ReactNode;
};

/** With another `key` it tries again: a stage that broke does not keep the next one away. */
export class Boundary extends Component<Props, { readonly error: Error | null }> {
  override state: { readonly error: Error | null } = { error: null };

  static getDerivedStateFromError(thrown: unknown): { readonly error: Error } {
    return { error: thrown instanceof Error ? thrown : new Error(String(thrown)) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <main className="broken" aria-label="Something broke">
        <div role="alert">
          <h1>{this.props.what} could not be drawn</h1>
          <p>What is stored is safe. Load the page anew to go on; if it comes again, please report these words:</p>
          <p className="broken-words">{error.message}</p>
        </div>
        <button type="button" onClick={() => location.reload()}>
          Load the page anew
        </button>
      </main>
    );
  }
}

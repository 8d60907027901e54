/** @file Where the page begins: the application of this page, connected and listening to keys. */
import { connect } from '../host/connect.ts';
import type { App } from './app.ts';
import { listenToKeys } from './keyboard.ts';
import { startApp } from './start.ts';

/** Null where the browser keeps nothing for this page. */
function tabStorage(): Storage | null {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
}

export function startPage(): App {
  const { app } = startApp(connect(), tabStorage());
  listenToKeys(app);
  return app;
}

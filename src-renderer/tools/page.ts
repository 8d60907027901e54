/** @file Where the page begins: the application of this page, connected and listening to keys. */
import { connect } from '../host/connect.ts';
import type { App } from './app.ts';
import { listenToKeys } from './keyboard.ts';
import { startApp } from './start.ts';

export function startPage(): App {
  const { app } = startApp(connect());
  listenToKeys(app);
  return app;
}

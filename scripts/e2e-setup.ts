/** @file Before tests in a browser: the page as its sources are now. */
import { ensureBuilt } from './build.ts';

export const setup = () => ensureBuilt('page');

/** @file `npm run build:page`: the page alone, for the web host. */
import { ensureBuilt } from './build.ts';

await ensureBuilt('page', { force: true });

/** @file Where the page begins: the connection, the state, the screen. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';
import './theme/styles.ts';
import { startPage } from './tools/page.ts';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root.');
const app = startPage();
createRoot(root).render(
  <StrictMode>
    <App app={app} />
  </StrictMode>,
);

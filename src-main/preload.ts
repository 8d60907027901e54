/**
 * @file All that the page gets of the desktop: calls and events as over HTTP, and two ways to point at a folder. No path
 * and nothing of Electron reaches the page. docs/hosts.md
 */
import { contextBridge, ipcRenderer, webUtils } from 'electron';

contextBridge.exposeInMainWorld('novo', {
  call: (method: unknown, input: unknown, options: unknown) => ipcRenderer.invoke('call', method, input, options),
  cancel: (id: unknown) => ipcRenderer.invoke('cancel', id),
  onEvent(listener: (name: string, data: unknown) => void) {
    const heard = (_: unknown, name: string, data: unknown) => listener(name, data);
    ipcRenderer.on('event', heard);
    return () => void ipcRenderer.off('event', heard);
  },
  chooseFolder: () => ipcRenderer.invoke('choose-folder'),
  grantDrop: (file: File) => ipcRenderer.invoke('grant-drop', webUtils.getPathForFile(file)),
});

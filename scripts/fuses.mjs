/**
 * @file Sets the fuses of a packaged Electron: features of the binary that this application does not use and that help
 * whoever gets to start it. Run by packaging, after the files are in place and before signing:
 *   node scripts/fuses.mjs PATH_TO_THE_PACKAGED_BINARY
 */
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses';

export const fuses = {
  version: FuseVersion.V1,
  // A fuse that a later Electron adds is an error here until somebody has decided on it.
  strictlyRequireAllFuses: true,
  resetAdHocDarwinSignature: process.platform === 'darwin',
  [FuseV1Options.RunAsNode]: false,
  [FuseV1Options.EnableCookieEncryption]: true,
  [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
  [FuseV1Options.EnableNodeCliInspectArguments]: false,
  [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: true,
  [FuseV1Options.OnlyLoadAppFromAsar]: true,
  // Would need a snapshot file of our own.
  [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  // The page comes from app://, never from file://.
  [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
  [FuseV1Options.WasmTrapHandlers]: true,
};

if (process.argv[1] === import.meta.filename) {
  const [binary] = process.argv.slice(2);
  if (!binary) {
    console.error('Usage: node scripts/fuses.mjs PATH_TO_THE_PACKAGED_BINARY');
    process.exit(2);
  }
  await flipFuses(binary, fuses);
  console.error(`Fuses of ${binary} are set.`);
}

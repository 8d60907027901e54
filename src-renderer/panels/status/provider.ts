/** @file Execution providers in words. */
import type { Provider, ProviderReport } from '../../../src-main/contract/provider.ts';

const names: Record<Provider, string> = {
  cuda: 'NVIDIA GPU (CUDA)',
  dml: 'GPU (DirectML)',
  coreml: 'Apple (Core ML)',
  webgpu: 'GPU (WebGPU)',
  cpu: 'CPU',
};

export const providerName = (provider: Provider): string => names[provider];

/** One line for the status bar. */
export function providerSummary(report: ProviderReport | null): string {
  if (!report) return 'Not loaded yet';
  const fallback = report.used === 'cpu' && report.refused.length > 0;
  return fallback ? `${names.cpu}, no GPU could be used` : names[report.used];
}

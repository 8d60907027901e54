/** @file Models: what is installed, what it runs on, and what can be asked in words. */
import { useAnswer } from '../parts/use-call.ts';
import { DeviceSection } from './DeviceSection.tsx';
import { EndpointsSection } from './EndpointsSection.tsx';
import { PacksSection } from './PacksSection.tsx';

export function ModelsSheet() {
  const list = useAnswer('models.list', {});
  return (
    <>
      <EndpointsSection />
      <DeviceSection />
      <PacksSection list={list} />
    </>
  );
}

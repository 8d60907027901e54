/** @file Projects that were open lately, and the sample for the first time. */
import { Button } from '@mantine/core';
import type { RecentProject } from '../../../src-main/contract/methods-project.ts';
import { forgetRecent, openRecent } from '../../tools/projects.ts';
import { useApp, useAppState } from '../app-context.ts';
import { Icon } from '../icons.tsx';
import { IconButton } from '../parts/IconButton.tsx';

export function RecentList() {
  const recent = useAppState((state) => state.project.recent);
  const own = recent.filter((project) => !project.sample);
  const sample = recent.find((project) => project.sample);
  return (
    <>
      {own.length > 0 ? (
        <section className="stack" aria-labelledby="recent-title">
          <h2 id="recent-title">Recent projects</h2>
          <ul className="recent">
            {own.map((project, index) => (
              <RecentRow key={project.id} project={project} first={index === 0} />
            ))}
          </ul>
        </section>
      ) : null}
      {sample ? <Sample project={sample} first={own.length === 0} /> : null}
    </>
  );
}

function RecentRow({ project, first }: { readonly project: RecentProject; readonly first: boolean }) {
  const app = useApp();
  const busy = useAppState((state) => state.project.busy !== null);
  const { id, name, folder, present } = project;
  return (
    <li className="recent-row">
      <Icon name="folder" />
      <span className="grow stack recent-name">
        <span className="cut">{name}</span>
        <span className="cut small quiet" title={folder}>
          {present ? folder : `Not found: ${folder}`}
        </span>
      </span>
      <Button
        variant={first && present ? 'filled' : 'default'}
        aria-label={`${first && present ? 'Go on with' : 'Open'} ${name}`}
        disabled={!present || busy}
        onClick={() => openRecent(app, id)}
      >
        {first && present ? 'Go on' : 'Open'}
      </Button>
      <IconButton icon="close" label={`Take "${name}" off this list`} size="sm" onClick={() => forgetRecent(app, id)} />
    </li>
  );
}

function Sample({ project, first }: { readonly project: RecentProject; readonly first: boolean }) {
  const app = useApp();
  const busy = useAppState((state) => state.project.busy);
  return (
    <section className="card sample" aria-label="Sample project">
      <div className="row wrap">
        <span className="grow stack recent-name">
          <strong>Try it with the sample project</strong>
          <span className="quiet">
            A few pictures with queries to try, and proposals to accept, fix or reject. Takes a minute and needs no
            network.
          </span>
        </span>
        <Button
          variant={first ? 'light' : 'default'}
          disabled={!project.present || busy !== null}
          onClick={() => openRecent(app, project.id)}
        >
          Try it
        </Button>
      </div>
    </section>
  );
}

/** @file What the last action did: said to screen readers as well. */
import { useAppState } from '../app-context.ts';
import { Icon, type IconName } from '../icons.tsx';

const icons: Record<'good' | 'none' | 'bad', IconName> = { good: 'accept', none: 'info', bad: 'error' };

export function NoticeLine() {
  const notice = useAppState((state) => state.notices.at(-1) ?? null);
  return (
    <p className="status-notice" role="status" aria-live="polite">
      {notice ? (
        <span key={notice.id} className="row notice-text" data-tone={notice.tone} title={noticeTitle(notice)}>
          <Icon name={icons[notice.tone]} />
          <span className="cut">
            {notice.text}
            {notice.hint ? <span className="quiet"> {notice.hint}</span> : null}
          </span>
        </span>
      ) : null}
    </p>
  );
}

const noticeTitle = ({ text, hint }: { readonly text: string; readonly hint: string | null }) =>
  hint ? `${text} ${hint}` : text;

import type { ApprovalDetail } from '../../../shared/approval.ts';
import type { RuleDraft } from '../../../shared/rule.ts';
import { Button } from '../../ui/Button.tsx';
import { Field, TextInput } from '../../ui/Field.tsx';
import { Select } from '../../ui/Select.tsx';
import styles from './RuleDrafts.module.css';
import { RulePreviewNote } from './RulePreviewNote.tsx';

const lasting = [
  { value: 'ever', label: 'until you take it back' },
  { value: 'day', label: 'for a day' },
  { value: 'week', label: 'for a week' },
] as const;
const days: Record<(typeof lasting)[number]['value'], number | null> = { ever: null, day: 1, week: 7 };

/** The rules that an answer makes, to be changed before it is given; each tells what it would have allowed. */
export function RuleDrafts({
  detail,
  drafts,
  onChange,
}: {
  detail: ApprovalDetail;
  drafts: readonly RuleDraft[];
  onChange: (drafts: readonly RuleDraft[]) => void;
}) {
  const set = (at: number, change: Partial<RuleDraft>) =>
    onChange(drafts.with(at, { ...drafts[at]!, ...change }));
  return (
    <div className={styles.drafts}>
      {drafts.map((draft, at) => (
        // Rules of one answer have no identity of their own yet.
        // oxlint-disable-next-line react/no-array-index-key
        <section key={at} className={styles.draft} aria-label={`Rule ${at + 1}`}>
          <Field label="Allow">
            {(control) => (
              <TextInput
                {...control}
                mono
                value={draft.what}
                onChange={(event) => set(at, { what: event.target.value })}
              />
            )}
          </Field>
          <div className={styles.row}>
            <Field label="Where">
              {(control) => (
                <Select
                  {...control}
                  value={draft.scope.kind}
                  options={scopesFor(detail)}
                  onChange={(kind) => set(at, { scope: scopeOf(kind, detail) })}
                />
              )}
            </Field>
            <Field label="For whom">
              {(control) => (
                <Select
                  {...control}
                  value={draft.agent === null ? 'every' : 'this'}
                  options={[
                    { value: 'this', label: detail.agent },
                    { value: 'every', label: 'every agent' },
                  ]}
                  onChange={(whom) => set(at, { agent: whom === 'every' ? null : detail.agent })}
                />
              )}
            </Field>
            <Field label="How long">
              {(control) => (
                <Select
                  {...control}
                  value={draft.expires === null ? 'ever' : lastingOf(draft.expires)}
                  options={lasting}
                  onChange={(chosen) => set(at, { expires: expiryOf(days[chosen]) })}
                />
              )}
            </Field>
          </div>
          <RulePreviewNote draft={draft} />
          {drafts.length > 1 && (
            <div>
              <Button look="ghost" onClick={() => onChange(drafts.toSpliced(at, 1))}>
                Leave this rule out
              </Button>
            </div>
          )}
        </section>
      ))}
    </div>
  );
}

function scopesFor({ folder }: ApprovalDetail): { value: RuleDraft['scope']['kind']; label: string }[] {
  return [
    { value: 'session', label: 'in this session' },
    ...(folder === null ? [] : [{ value: 'project' as const, label: `in ${folder}` }]),
    { value: 'everywhere', label: 'everywhere' },
  ];
}

function scopeOf(kind: RuleDraft['scope']['kind'], { session, folder }: ApprovalDetail): RuleDraft['scope'] {
  if (kind === 'session') return { kind, session };
  return kind === 'project' && folder !== null ? { kind, folder } : { kind: 'everywhere' };
}

function expiryOf(count: number | null): string | null {
  return count === null ? null : new Date(Date.now() + count * 86_400_000).toISOString();
}

function lastingOf(expires: string): 'day' | 'week' {
  return new Date(expires).getTime() - Date.now() > 2 * 86_400_000 ? 'week' : 'day';
}

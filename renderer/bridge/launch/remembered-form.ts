import type { RunWish } from '../../../shared/run.ts';
import { dollars } from '../../../shared/money-words.ts';
import { emptyForm, type LaunchForm } from './launch-form.ts';
import { shownValue } from './recipe-params.ts';

/** An earlier wish as the form, so that it can be changed before it is started again. */
export function formOf({ invocation, ceiling, approvePlan }: RunWish): LaunchForm {
  const common: LaunchForm = {
    ...emptyForm,
    folders: ceiling.folders,
    sandbox: ceiling.sandbox,
    image: ceiling.image ?? '',
    hosts: ceiling.hosts.join('\n'),
    budget: budgetOf(ceiling),
    deadline: ceiling.seconds === null ? '' : `${ceiling.seconds}s`,
    approvals: ceiling.approvals,
    approvePlan,
  };
  switch (invocation.kind) {
    case 'goal':
      return { ...common, kind: 'goal', text: invocation.goal, mode: invocation.mode };
    case 'agent':
      return { ...common, kind: 'agent', agent: invocation.agent, text: invocation.text };
    case 'recipe': {
      const params = Object.entries(invocation.params).map(([name, value]) => [name, shownValue(value)]);
      // What a recipe asks for it asks for again: only what differs from that is the person’s own.
      const own = { folders: [], hosts: '', image: '', sandbox: 'namespace', deadline: '' } as const;
      return {
        ...common,
        ...own,
        kind: 'recipe',
        recipe: invocation.recipe,
        params: Object.fromEntries(params) as LaunchForm['params'],
      };
    }
    case 'plan':
      return common;
  }
}

function budgetOf({ micros, tokens }: RunWish['ceiling']): string {
  if (micros !== null) return dollars(micros);
  return tokens === null ? '' : `${tokens} tokens`;
}

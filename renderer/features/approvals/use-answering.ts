import type { Answer, ApprovalDetail } from '../../../shared/approval.ts';
import { useHouse } from '../../bridge/house.ts';
import { useTask } from '../../bridge/use-task.ts';
import { say } from '../../ui/Toast.tsx';

const said: Record<Answer['kind'], string> = {
  once: 'Allowed once.',
  session: 'Allowed for this session.',
  always: 'Allowed from now on.',
  not_now: 'It keeps waiting.',
  deny: 'Denied.',
  reply: 'Answered.',
};

/** Gives the answer. Where somebody was first, that is told. */
export function useAnswering({ id }: Pick<ApprovalDetail, 'id'>) {
  const { client } = useHouse();
  return useTask(async (_signal, answer: Answer, input?: Record<string, unknown>) => {
    const edited = input as Parameters<typeof client.approvals.answer>[0]['input'];
    await client.approvals.answer({ approval: id, answer, ...(edited && { input: edited }) });
    say(said[answer.kind]);
  });
}

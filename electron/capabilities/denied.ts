import { type DenialReason, denialReasons } from '../../shared/capability.ts';
import { Problem } from '../../shared/problem.ts';

const mends: Record<DenialReason, string> = {
  unknown_token: 'Ask with a token that this agent was given since Holdfast started.',
  another_agents_token: 'An agent uses its own tokens only.',
  revoked: 'Ask a person for a new one.',
  expired: 'Ask a person for a new one.',
  outside_grant: 'Stay inside what was granted, or ask a person for more.',
  several_names: 'Make a copy of the file under a new name, and write that.',
  unclear_path: 'Ask for another path.',
  used_up: 'Ask a person for more uses.',
  too_often: 'Wait a minute.',
};

/** An agent was not allowed to do something; it is on the record. */
export class Denied extends Problem {
  readonly reason: DenialReason;

  constructor(reason: DenialReason, asked: string, options?: ErrorOptions) {
    super('forbidden', `${asked} was refused: ${denialReasons[reason]}.`, mends[reason], options);
    this.reason = reason;
  }
}

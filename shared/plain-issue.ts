/** What a schema has against a value, as far as it is used here. */
export interface Issue {
  readonly message: string;
  readonly code?: string | undefined;
  readonly origin?: string | undefined;
  readonly expected?: string | undefined;
  readonly minimum?: number | bigint | undefined;
  readonly maximum?: number | bigint | undefined;
  readonly inclusive?: boolean | undefined;
  readonly values?: readonly unknown[] | undefined;
  readonly keys?: readonly string[] | undefined;
}

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  int: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'an object with fields',
  record: 'an object with fields',
  null: 'null',
};

/** Of what there may be so many. */
const counted: Readonly<Record<string, string>> = {
  string: ' characters',
  array: ' entries',
  set: ' entries',
};

/** The schemas' own sentences, which are for programmers; what a schema says in words of ours stays as it is. */
const forProgrammers = /^(Too small|Too big|Invalid input|Invalid option|Unrecognized key|Invalid string)/;

/** What is wrong, in words that follow the name of a field: “is missing”, “must be text”. */
export function plainIssue(issue: Issue): string {
  const { message, code } = issue;
  if (!forProgrammers.test(message)) return message;
  switch (code ?? '') {
    case 'invalid_type':
      return message.endsWith('received undefined') ? 'is missing' : `must be ${kindOf(issue)}`;
    case 'too_small':
      return `must ${bound(issue, issue.inclusive === false ? 'more than' : 'at least', issue.minimum)}`;
    case 'too_big':
      return `must ${bound(issue, issue.inclusive === false ? 'less than' : 'at most', issue.maximum)}`;
    case 'invalid_value':
      return `must be ${(issue.values ?? []).map(String).join(' or ')}`;
    case 'unrecognized_keys':
      return `has no field ${(issue.keys ?? []).map((key) => `“${key}”`).join(' or ')}`;
    default:
      return 'is not written as it must be';
  }
}

const kindOf = ({ expected = '' }: Issue) => kinds[expected] ?? expected;

function bound({ origin = '' }: Issue, than: string, most: number | bigint | undefined): string {
  const count = Number(most).toLocaleString('en', { maximumFractionDigits: 6 });
  const unit = counted[origin];
  if (unit === undefined) return `be ${than} ${count}`;
  return `have ${than} ${count}${count === '1' ? unit.replace(/(ie)?s$/, (end) => (end === 'ies' ? 'y' : '')) : unit}`;
}

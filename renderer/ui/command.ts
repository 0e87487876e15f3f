/** Something the palette can do. Its key, if it has one, is shown beside it. */
export interface Command {
  readonly id: string;
  readonly title: string;
  /** Where it belongs, shown in a quiet voice. */
  readonly group: string;
  /** Other words a person may look for. */
  readonly also?: string;
  readonly keys?: string;
  readonly run: () => void;
}

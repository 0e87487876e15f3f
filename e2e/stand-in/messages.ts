import { Emitter } from './emitter.ts';

interface BoxOptions {
  message: string;
  detail?: string;
  buttons?: string[];
  cancelId?: number;
  signal?: AbortSignal;
}

interface OpenBox {
  options: BoxOptions;
  answer: (response: number) => void;
}

const open: OpenBox[] = [];
const errors: { title: string; content: string }[] = [];

export const dialog = {
  showMessageBox(
    first: unknown,
    second?: BoxOptions,
  ): Promise<{ response: number; checkboxChecked: boolean }> {
    const options = second ?? (first as BoxOptions);
    return new Promise((resolve) => {
      const box: OpenBox = {
        options,
        answer: (response) => {
          open.splice(open.indexOf(box), 1);
          resolve({ response, checkboxChecked: false });
        },
      };
      open.push(box);
      options.signal?.addEventListener('abort', () => {
        if (open.includes(box)) box.answer(options.cancelId ?? 0);
      });
    });
  },
  showErrorBox(title: string, content: string): void {
    errors.push({ title, content });
  },
};

export const boxes = () =>
  open.map(({ options }) => ({
    message: options.message,
    detail: options.detail ?? '',
    buttons: options.buttons ?? [],
  }));
export const errorBoxes = () => errors;

/** As if a person had pressed the button. */
export function press(button: string): void {
  const box = open.find(({ options }) => options.buttons?.includes(button));
  if (!box) throw new Error(`no box with the button ${button}`);
  box.answer(box.options.buttons?.indexOf(button) ?? 0);
}

export class Notification extends Emitter {
  static readonly shown: Notification[] = [];
  readonly title: string;
  readonly body: string;
  readonly actions: readonly string[];

  constructor({ title, body, actions = [] }: { title: string; body: string; actions?: { text: string }[] }) {
    super();
    this.actions = actions.map(({ text }) => text);
    this.title = title;
    this.body = body;
  }

  static isSupported(): boolean {
    return true;
  }

  show(): void {
    Notification.shown.push(this);
  }

  close(): void {
    const at = Notification.shown.indexOf(this);
    if (at !== -1) Notification.shown.splice(at, 1);
  }
}

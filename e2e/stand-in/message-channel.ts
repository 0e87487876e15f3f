import { MessagePortMain } from './message-port.ts';

export class MessageChannelMain {
  readonly port1 = new MessagePortMain();
  readonly port2 = new MessagePortMain();

  constructor() {
    this.port1.join(this.port2);
    this.port2.join(this.port1);
  }
}

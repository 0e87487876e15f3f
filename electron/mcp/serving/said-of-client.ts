import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  type InitializeRequest,
} from '@modelcontextprotocol/server';

/** What a client says of itself, which nobody has to believe. */
export interface SaidOfClient {
  /** Its name and version. */
  readonly program: string | null;
  /** Whether it puts a form before its person. */
  readonly fillsForms: boolean;
}

/** As a request says it that stands for itself. */
export function saidInEnvelope(envelope: Readonly<Record<string, unknown>> | undefined): SaidOfClient {
  return said(envelope?.[CLIENT_INFO_META_KEY], envelope?.[CLIENT_CAPABILITIES_META_KEY]);
}

/** As a session begins. */
export function saidAtFirst({ clientInfo, capabilities }: InitializeRequest['params']): SaidOfClient {
  return said(clientInfo, capabilities);
}

function said(info: unknown, capabilities: unknown): SaidOfClient {
  const { name, version } = (info ?? {}) as { name?: unknown; version?: unknown };
  const { elicitation } = (capabilities ?? {}) as { elicitation?: { form?: unknown; url?: unknown } };
  const numbered = typeof version === 'string' ? ` ${version}` : '';
  return {
    program: typeof name === 'string' ? `${name}${numbered}` : null,
    // Before there were two ways, saying nothing of them meant forms.
    fillsForms: !!elicitation && (elicitation.form !== undefined || elicitation.url === undefined),
  };
}

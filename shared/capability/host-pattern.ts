import { z } from 'zod';
import { miswritten, part, type Written } from './miswritten.ts';

const port = z.int().min(1).max(65_535);

/** One host, or those below a name (`*.example.org`), or all (`*`); with all ports, or one unbroken range. */
export const hostPatternSchema = z.strictObject({
  host: z.string().refine((host) => isHostPattern(host), 'is no host'),
  ports: z
    .strictObject({ from: port, to: port })
    .refine(({ from, to }) => from <= to, 'ends before it begins')
    .nullable(),
});
export type HostPattern = z.infer<typeof hostPatternSchema>;

/**
 * The one spelling of a host: lower case, international names in their ASCII form, IPv4 with four
 * numbers, IPv6 in brackets, no dot at the end. Undefined for what is no host.
 */
export function canonicalHost(host: string): string | undefined {
  if (host === '' || /[\s/\\?#@%*]/.test(host)) return undefined;
  if (/:\d*$/.test(host) && !host.endsWith(']')) return undefined;
  const url = URL.parse(`http://${host}`);
  const name = url?.hostname.replace(/\.$/, '');
  return name && !name.includes('..') && !name.startsWith('.') ? name : undefined;
}

export function isHostPattern(host: string): boolean {
  return host === '*' || patternHost(host) === host;
}

/** `host`, `host:443`, `host:8000-8099`; of an address (`https://host/path`) only the host and a written port count. */
export function readHostPattern(written: Written): HostPattern {
  const [, scheme = '', rest = ''] = /^([a-z][a-z0-9+.-]*:\/\/)?(.*)$/is.exec(written.text) ?? [];
  const authority = scheme ? rest.split(/[/?#\\]/, 1)[0]! : rest;
  const user = scheme ? authority.lastIndexOf('@') + 1 : 0;
  const [, name = '', ports] = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/s.exec(authority.slice(user)) ?? [];
  const place = part(written, scheme.length + user);
  const host = name === '*' ? name : patternHost(name);
  if (host === undefined) {
    throw miswritten(
      place,
      name === '' && ports === undefined && !authority ? 'a host is missing.' : `“${place.text}” is no host.`,
      'Write a name (example.org), everything below a name (*.example.org), an IPv4 address, or an IPv6 address in brackets.',
    );
  }
  return {
    host,
    ports:
      ports === undefined ? null : readPorts(part(place, name.length + 1, name.length + 1 + ports.length)),
  };
}

export function writeHostPattern({ host, ports }: HostPattern): string {
  if (!ports) return host;
  return `${host}:${ports.from === ports.to ? ports.from : `${ports.from}-${ports.to}`}`;
}

function patternHost(name: string): string | undefined {
  if (!name.startsWith('*.')) return canonicalHost(name);
  const below = canonicalHost(name.slice(2));
  // “*.org” would be half the world; and nothing lies below an address.
  return below && below.includes('.') && !/^\[|^[\d.]+$/.test(below) ? `*.${below}` : undefined;
}

function readPorts(written: Written): { from: number; to: number } {
  const [, first, last] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(written.text) ?? [];
  const ports = { from: Number(first), to: Number(last ?? first) };
  if (port.safeParse(ports.from).success && port.safeParse(ports.to).success && ports.from <= ports.to) {
    return ports;
  }
  throw miswritten(
    written,
    `“${written.text}” is no port.`,
    'Write a port from 1 to 65535, or a range such as 8000-8099.',
  );
}

interface Depends {
  readonly name: string;
  readonly dependsOn: readonly string[];
}

/** The parts whose results stay: those that may, and that follow from nothing that is made anew. */
export function keptOf<Part extends Depends>(
  parts: readonly Part[],
  may: (part: Part) => boolean,
): Set<string> {
  const children = new Map<string, Part[]>();
  for (const part of parts) {
    for (const name of part.dependsOn) {
      const list = children.get(name);
      if (list) list.push(part);
      else children.set(name, [part]);
    }
  }
  const anew = new Set<string>();
  const stack = parts.filter((part) => !may(part));
  for (let part = stack.pop(); part; part = stack.pop()) {
    if (anew.has(part.name)) continue;
    anew.add(part.name);
    stack.push(...(children.get(part.name) ?? []));
  }
  return new Set(parts.filter(({ name }) => !anew.has(name)).map(({ name }) => name));
}

/** How many resources are worked on at once. */
const WIDTH = 16;

/**
 * Works through `order`, each node after all it depends on and independent ones side by side. A node whose work gives false holds back
 * all that depend on it, and with `stopAtFailure` everything that has not begun. Resolves when nothing more can begin and all that has
 * begun has ended.
 */
export function walk(
  order: readonly string[],
  graph: ReadonlyMap<string, ReadonlySet<string>>,
  work: (id: string) => Promise<boolean>,
  { stopAtFailure }: { readonly stopAtFailure: boolean },
): Promise<void> {
  const waiting = [...order];
  const done = new Set<string>();
  let running = 0;
  let failed = false;
  const ready = (id: string): boolean => [...(graph.get(id) ?? [])].every((other) => done.has(other));
  return new Promise((resolve, reject) => {
    const proceed = (): void => {
      while (running < WIDTH && !(failed && stopAtFailure)) {
        const index = waiting.findIndex(ready);
        const [id] = index < 0 ? [] : waiting.splice(index, 1);
        if (id === undefined) break;
        running += 1;
        work(id).then((succeeded) => {
          running -= 1;
          if (succeeded) done.add(id);
          else failed = true;
          proceed();
        }, reject);
      }
      if (running === 0) resolve();
    };
    proceed();
  });
}

/** The graph in which everything waits for what depends on it. */
export function reversed(graph: ReadonlyMap<string, ReadonlySet<string>>): Map<string, Set<string>> {
  const turned = new Map([...graph.keys()].map((id) => [id, new Set<string>()]));
  for (const [id, others] of graph) for (const other of others) turned.get(other)?.add(id);
  return turned;
}

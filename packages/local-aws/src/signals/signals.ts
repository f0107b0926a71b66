type Listener = () => void;

/** In-process wake-up calls between services: "something new is at this ARN". Carries no data and needs no answer. */
export class Signals {
  private readonly listeners = new Map<string, Set<Listener>>();

  notify(arn: string): void {
    const listening = this.listeners.get(arn);
    if (listening !== undefined) for (const listener of listening) listener();
  }

  /** Calls `listener` after each notification; the returned function ends that. */
  subscribe(arn: string, listener: Listener): () => void {
    const listening = this.listeners.get(arn) ?? new Set();
    listening.add(listener);
    this.listeners.set(arn, listening);
    return () => void listening.delete(listener);
  }
}

const known = new WeakMap<object, Signals>();

/** The signals of one cloud. */
export function signalsOf(cloud: object): Signals {
  let signals = known.get(cloud);
  if (signals === undefined) {
    signals = new Signals();
    known.set(cloud, signals);
  }
  return signals;
}

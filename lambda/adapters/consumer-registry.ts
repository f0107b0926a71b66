import { paginateGetParametersByPath, type SSMClient } from '@aws-sdk/client-ssm';
import { type ConsumerClient, consumerClientSchema } from '../../core/api';

export interface ConsumerRegistry {
  /** The consumer of a client of an issuer; undefined when it is none. */
  find(issuer: string, clientId: string): Promise<ConsumerClient | undefined>;
}

export interface ParameterConsumersOptions {
  readonly client: SSMClient;
  /** Path of the parameters, without a slash at its end. */
  readonly path: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** A consumer that was taken away is unknown after this; the gateway remembers its own verdicts on top of it. */
const MAX_AGE_MS = 60_000;
/** A client that is unknown may be new: the parameters are read again for it, but not more often than this. */
const COOLDOWN_MS = 10_000;

/**
 * Consumers as parameters `<path>/<issuer>/<client id>`: as many as there are, where a function's variables end at 4 KB. A failure to
 * read leaves what was read before in use.
 */
export class ParameterConsumers implements ConsumerRegistry {
  /** Texts of the parameters, read when they are asked for: one that is malformed keeps nobody else out. */
  private known: ReadonlyMap<string, string> | undefined;
  private readAt = Number.NEGATIVE_INFINITY;
  private triedAt = Number.NEGATIVE_INFINITY;
  private reading: Promise<void> | undefined;

  constructor(private readonly options: ParameterConsumersOptions) {}

  async find(issuer: string, clientId: string): Promise<ConsumerClient | undefined> {
    const key = `${issuer}/${clientId}`;
    if (this.needsReading(key)) await this.refresh();
    const text = this.known?.get(key);
    return text === undefined ? undefined : consumerClientSchema.parse(JSON.parse(text));
  }

  private needsReading(key: string): boolean {
    if (this.known === undefined) return true;
    const now = this.options.now();
    if (now - this.triedAt < COOLDOWN_MS) return false;
    return !this.known.has(key) || now - this.readAt >= MAX_AGE_MS;
  }

  /** Reads once for all who wait; rejects only while nothing was ever read. */
  private refresh(): Promise<void> {
    this.reading ??= this.read()
      .catch((error: unknown) => {
        if (this.known === undefined) throw error;
      })
      .finally(() => {
        this.reading = undefined;
      });
    return this.reading;
  }

  private async read(): Promise<void> {
    const { client, path, now } = this.options;
    this.triedAt = now();
    const known = new Map<string, string>();
    for await (const { Parameters = [] } of paginateGetParametersByPath({ client }, { Path: path, Recursive: true }))
      for (const { Name = '', Value = '' } of Parameters) known.set(Name.slice(path.length + 1), Value);
    this.known = known;
    this.readAt = now();
  }
}

/** A metric value found in a log line in embedded metric format. */
export interface EmbeddedMetric {
  readonly namespace: string;
  readonly datum: {
    readonly MetricName: string;
    readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
    readonly Values: readonly number[];
    readonly Unit?: string;
    readonly StorageResolution?: number;
    readonly Timestamp: Date;
  };
}

interface Directive {
  readonly Namespace?: string;
  readonly Dimensions?: readonly (readonly string[])[];
  readonly Metrics?: readonly { readonly Name?: string; readonly Unit?: string; readonly StorageResolution?: number }[];
}

function numbers(value: unknown): number[] {
  const list = Array.isArray(value) ? value : [value];
  return list.every((item) => typeof item === 'number' && Number.isFinite(item)) ? (list as number[]) : [];
}

function fromDirective(root: Record<string, unknown>, directive: Directive, timestamp: Date): EmbeddedMetric[] {
  const namespace = directive.Namespace ?? '';
  return (directive.Dimensions ?? [[]]).flatMap((set) => {
    const dimensions = set.map((name) => ({ Name: name, Value: root[name] }));
    if (namespace === '' || dimensions.some(({ Value }) => typeof Value !== 'string')) return [];
    return (directive.Metrics ?? []).flatMap(({ Name = '', Unit, StorageResolution }) => {
      const values = numbers(root[Name]);
      if (values.length === 0) return [];
      const datum = {
        MetricName: Name,
        Dimensions: dimensions as { Name: string; Value: string }[],
        Values: values,
        Timestamp: timestamp,
        ...(Unit === undefined ? {} : { Unit }),
        ...(StorageResolution === undefined ? {} : { StorageResolution }),
      };
      return [{ namespace, datum }];
    });
  });
}

/**
 * Metrics in a log message, per the embedded metric format (the whole message is one JSON object with `_aws`).
 * A malformed directive gives nothing, as in CloudWatch.
 */
export function embeddedMetrics(message: string): EmbeddedMetric[] {
  if (!message.includes('"_aws"')) return [];
  try {
    const root = JSON.parse(message) as Record<string, unknown> & {
      _aws?: { Timestamp?: number; CloudWatchMetrics?: Directive[] };
    };
    const at = new Date(root._aws?.Timestamp ?? Number.NaN);
    if (Number.isNaN(at.getTime())) return [];
    return (root._aws?.CloudWatchMetrics ?? []).flatMap((directive) => fromDirective(root, directive, at));
  } catch {
    return [];
  }
}

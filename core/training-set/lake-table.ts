import type { FieldType, Source } from '../definition';

/** Partition column of every lake table: day of arrival, `YYYY-MM-DD`. */
export const PARTITION_COLUMN = 'event_date';

export interface GlueColumn {
  readonly name: string;
  readonly type: 'string' | 'double' | 'bigint' | 'timestamp';
  readonly comment?: string;
}

const GLUE_TYPES: Readonly<Record<FieldType, GlueColumn['type']>> = {
  string: 'string',
  category: 'string',
  number: 'double',
  integer: 'bigint',
  timestamp: 'timestamp',
};

/** Glue takes comments of at most so many characters. */
const LONGEST_COMMENT = 255;

/** Columns of a source's lake table, without the partition column. */
export function glueColumns(source: Source): GlueColumn[] {
  return Object.entries(source.schema).map(([name, field]) => {
    const unit = field.unit === undefined ? '' : ` (${field.unit})`;
    const comment = `${(field.description ?? '').slice(0, LONGEST_COMMENT - unit.length)}${unit}`.trim();
    return { name, type: GLUE_TYPES[field.type], ...(comment === '' ? {} : { comment }) };
  });
}

/** Columns of the inference log: predictions and their outcomes. */
export const INFERENCE_COLUMNS: readonly GlueColumn[] = [
  { name: 'type', type: 'string', comment: 'prediction or outcome' },
  { name: 'prediction_id', type: 'string' },
  { name: 'model', type: 'string' },
  { name: 'model_version', type: 'string' },
  { name: 'entity', type: 'string' },
  { name: 'consumer', type: 'string' },
  { name: 'request_id', type: 'string' },
  { name: 'occurred_at', type: 'timestamp', comment: 'When it was predicted, or when the outcome happened' },
  { name: 'inputs', type: 'string', comment: 'JSON object of model inputs' },
  { name: 'score', type: 'double' },
  { name: 'predicted', type: 'string', comment: 'JSON of the predicted label' },
  { name: 'actual', type: 'double', comment: 'Value of the outcome' },
];

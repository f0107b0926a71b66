import type { z } from 'zod';
import { parseStrictJson, pointerSegment } from '../strict-json';
import type { ProblemCode, Violation } from './problem-details';
import { MAX_BODY_BYTES } from './routes';

export type BodyResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly code: ProblemCode; readonly detail: string; readonly violations: readonly Violation[] };

/** An answer must stay far below the 6 MB that a function may return, whatever was sent. */
const MAX_VIOLATIONS = 1000;
const MAX_POINTER_LENGTH = 256;

const JSON_TYPE = /^application\/json\s*(;\s*charset=("?)utf-8\2\s*)?$/i;

/** Reads and checks a JSON body: 413 before parsing, 415, 400 with a pointer, 422 with every violation. */
export function readBody<S extends z.ZodType>(
  schema: S,
  text: string | null | undefined,
  contentType: string | undefined,
): BodyResult<z.output<S>> {
  const body = text ?? '';
  if (Buffer.byteLength(body) > MAX_BODY_BYTES) return refuse('body_too_large', `at most ${MAX_BODY_BYTES} bytes`);
  if (contentType === undefined || !JSON_TYPE.test(contentType))
    return refuse('unsupported_media_type', 'send content-type: application/json');
  const json = parseStrictJson(body);
  if (!json.ok) return refuse('invalid_json', json.message, [{ pointer: json.pointer, code: json.fault, message: json.message }]);
  const parsed = schema.safeParse(json.value);
  if (parsed.success) return { ok: true, value: parsed.data };
  const violations = parsed.error.issues.flatMap(violationsOf);
  const count = `${violations.length} ${violations.length === 1 ? 'violation' : 'violations'}`;
  if (violations.length <= MAX_VIOLATIONS) return refuse('schema_violation', count, violations);
  const listed = violations.slice(0, MAX_VIOLATIONS);
  return refuse('schema_violation', `${count}, the first ${MAX_VIOLATIONS} are listed`, listed);
}

/** Violations of one issue; an unknown key points to the key. */
export function violationsOf(issue: z.core.$ZodIssue): Violation[] {
  const pointer = shortened(issue.path.map(pointerSegment).join(''));
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      pointer: shortened(`${pointer}${pointerSegment(key)}`),
      code: 'unknown_key',
      message: 'is not a known key',
    }));
  }
  return [{ pointer, code: issue.code, message: issue.message.charAt(0).toLowerCase() + issue.message.slice(1) }];
}

function shortened(pointer: string): string {
  return pointer.length > MAX_POINTER_LENGTH ? `${pointer.slice(0, MAX_POINTER_LENGTH)}…` : pointer;
}

function refuse(code: ProblemCode, detail: string, violations: readonly Violation[] = []): BodyResult<never> {
  return { ok: false, code, detail, violations };
}

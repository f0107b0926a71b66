import * as z from 'zod';

/**
 * Reads the function's variables once per container.
 *
 * @throws Error that names every variable that is missing or malformed
 */
export function readEnvironment<S extends z.ZodObject>(schema: S, variables: NodeJS.ProcessEnv = process.env): z.output<S> {
  const parsed = schema.safeParse(variables);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`environment variables are wrong: ${problems.join('; ')}`);
}

/** A variable that holds JSON of a known shape. */
export function jsonVariable<S extends z.ZodType>(schema: S) {
  return z
    .string()
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        context.addIssue({ code: 'custom', message: 'must be JSON' });
        return z.NEVER;
      }
    })
    .pipe(schema);
}

/** Variables that every function has. */
export const stageVariables = { STAGE: z.string().min(1) };

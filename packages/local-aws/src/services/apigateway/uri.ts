/** Function ARN (maybe with a qualifier) in an integration or authorizer URI; undefined if the URI is of another form. */
export function functionOf(uri: string | undefined): string | undefined {
  return /^arn:[^:]+:apigateway:[^:]+:lambda:path\/2015-03-31\/functions\/(arn:[^/]+)\/invocations$/.exec(uri ?? '')?.[1];
}

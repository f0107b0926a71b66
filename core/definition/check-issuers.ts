import { issuerKind } from '../issuers';
import type { Consumer } from './consumer';
import type { Platform } from './platform';
import { type Problem, unknown } from './problem';

/** Issuers against each other, and consumers against the issuers whose clients they are. */
export function checkIssuers(platform: Platform, declared: ReadonlySet<string>): Problem[] {
  return [
    ...platform.consumers.flatMap((consumer) => checkIssuer(platform, consumer, declared)),
    ...checkClients(platform),
    ...checkSingles(platform),
    ...checkAddresses(platform),
    ...checkSegments(platform),
  ];
}

function checkSingles({ issuers }: Platform): Problem[] {
  const seen = new Set<string>();
  return issuers.flatMap((issuer) => {
    const { onlyOne } = issuerKind(issuer);
    const again = seen.has(issuer.kind);
    seen.add(issuer.kind);
    return again && onlyOne !== undefined
      ? [{ path: `issuers.${issuer.name}.kind`, message: `must not be ${issuer.kind}: ${onlyOne}` }]
      : [];
  });
}

function checkIssuer(platform: Platform, consumer: Consumer, declared: ReadonlySet<string>): Problem[] {
  const at = `consumers.${consumer.name}`;
  const named = consumer.issuer;
  const issuer = named === undefined ? platform.issuers[0] : platform.issuers.find(({ name }) => name === named);
  if (issuer === undefined) {
    const names = platform.issuers.map(({ name }) => name);
    return named === undefined || declared.has(`issuers.${named}`) ? [] : [unknown(`${at}.issuer`, `issuer '${named}'`, names)];
  }
  const { makesClients } = issuerKind(issuer);
  if (!makesClients && consumer.clientId === undefined)
    return [{ path: `${at}.clientId`, message: `must name the client of '${issuer.name}'` }];
  if (makesClients && consumer.clientId !== undefined)
    return [{ path: `${at}.clientId`, message: `must be left out: the deployment makes the clients of '${issuer.name}'` }];
  return [];
}

/** One client of one issuer is one consumer; the same id at another issuer is another client. */
function checkClients(platform: Platform): Problem[] {
  const seen = new Map<string, string>();
  return platform.consumers.flatMap(({ name, issuer = platform.issuers[0]?.name, clientId }) => {
    if (clientId === undefined) return [];
    const first = seen.get(`${issuer}/${clientId}`);
    seen.set(`${issuer}/${clientId}`, first ?? name);
    return first === undefined
      ? []
      : [{ path: `consumers.${name}.clientId`, message: `is the client of '${first}' already, at '${issuer}'` }];
  });
}

/** The rules for a token are found by its `iss`, so an address belongs to one issuer. */
function checkAddresses({ issuers }: Platform): Problem[] {
  const seen = new Map<string, string>();
  return issuers.flatMap((issuer) => {
    const address = issuerKind(issuer).address(issuer);
    if (address === undefined) return [];
    const first = seen.get(address);
    seen.set(address, first ?? issuer.name);
    return first === undefined
      ? []
      : [{ path: `issuers.${issuer.name}.issuer`, message: `is the address of '${first}' already` }];
  });
}

/** Issuer and client are parts of a parameter's name; the champion pointers' functions may write every name that has one of these. */
const POINTER_SEGMENTS = ['champion', 'freeze'];

function checkSegments({ issuers, consumers }: Platform): Problem[] {
  const message = `must not be one of ${POINTER_SEGMENTS.join(', ')}: models' parameters are named so`;
  return [
    ...issuers
      .filter(({ name }) => POINTER_SEGMENTS.includes(name))
      .map(({ name }) => ({ path: `issuers.${name}.name`, message })),
    ...consumers
      .filter(({ clientId }) => clientId !== undefined && POINTER_SEGMENTS.includes(clientId))
      .map(({ name }) => ({ path: `consumers.${name}.clientId`, message })),
  ];
}

import type { LoggingConfiguration } from '@aws-sdk/client-wafv2';
import type { ServiceFactory } from '../../cloud';
import { type AclRecord, Firewall } from './acls';
import { wafRights } from './authorization';
import { registerInspection } from './inspection';
import { wafOperations } from './operations';
import { wafResources } from './resources';

/** WAF, version 2: web ACLs in front of the stages of REST APIs. */
export const wafv2: ServiceFactory = (cloud) => {
  const tables = {
    acls: cloud.storage.table<AclRecord>('wafv2/acls'),
    associations: cloud.storage.table<string>('wafv2/associations'),
    logging: cloud.storage.table<LoggingConfiguration>('wafv2/logging'),
  };
  const firewall = new Firewall(cloud, tables.acls, tables.associations);
  registerInspection(cloud, (resourceArn, request) => firewall.inspect(resourceArn, request));
  return {
    name: 'wafv2',
    signingNames: ['wafv2'],
    sdk: '@aws-sdk/client-wafv2',
    rights: wafRights,
    operations: wafOperations(cloud, tables, firewall),
    resources: wafResources,
    stop: () => firewall.stop(),
  };
};

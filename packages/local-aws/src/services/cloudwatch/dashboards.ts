import type * as Sdk from '@aws-sdk/client-cloudwatch';
import type { Cloud, Operations } from '../../cloud';
import { AwsError } from '../../errors';

interface DashboardRecord {
  readonly name: string;
  readonly body: string;
  readonly modified: number;
}

/** Dashboards: kept as they are given; the console that draws them is AWS's. */
export function dashboardOperations(cloud: Cloud): Operations {
  const table = cloud.storage.table<DashboardRecord>('cloudwatch/dashboards');
  const arn = (name: string): string => `arn:aws:cloudwatch::${cloud.account}:dashboard/${name}`;
  const missing = (name: string | undefined): AwsError =>
    new AwsError('DashboardNotFoundError', `Dashboard ${name} does not exist`, { status: 404 });
  return {
    PutDashboard: async (input: Sdk.PutDashboardCommandInput) => {
      const name = input.DashboardName ?? '';
      if (!/^[\w-]{1,255}$/.test(name))
        throw new AwsError(
          'DashboardInvalidInputError',
          `The value ${name} for field DashboardName contains invalid characters. It can only contain alphanumerics, dash (-) and underscore (_).`,
        );
      try {
        const body: unknown = JSON.parse(input.DashboardBody ?? '');
        if (typeof body !== 'object' || body === null) throw new Error('not an object');
      } catch {
        throw new AwsError('DashboardInvalidInputError', 'The field DashboardBody must be a valid JSON object');
      }
      await table.put(name, { name, body: input.DashboardBody ?? '', modified: cloud.clock.now() });
      return { DashboardValidationMessages: [] };
    },
    GetDashboard: (input: Sdk.GetDashboardCommandInput) => {
      const record = table.get(input.DashboardName ?? '');
      if (record === undefined) throw missing(input.DashboardName);
      return { DashboardArn: arn(record.name), DashboardBody: record.body, DashboardName: record.name };
    },
    ListDashboards: (input: Sdk.ListDashboardsCommandInput) => {
      const prefix = input.DashboardNamePrefix ?? '';
      const DashboardEntries = [...table.entries({ start: prefix, end: `${prefix}\uffff` })].map(({ value }) => ({
        DashboardName: value.name,
        DashboardArn: arn(value.name),
        LastModified: new Date(value.modified),
        Size: Buffer.byteLength(value.body),
      }));
      return { DashboardEntries };
    },
    DeleteDashboards: async (input: Sdk.DeleteDashboardsCommandInput) => {
      const names = input.DashboardNames ?? [];
      for (const name of names) if (table.get(name) === undefined) throw missing(name);
      for (const name of names) await table.remove(name);
      return {};
    },
  };
}

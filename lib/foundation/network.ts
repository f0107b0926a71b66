import { Fn } from 'aws-cdk-lib';
import {
  FlowLogDestination,
  FlowLogTrafficType,
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpointAwsService,
  IpAddresses,
  Peer,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Stage } from '../../core/definition';
import { acknowledge } from '../shared/acknowledge';
import { asVpc } from '../shared/interfaces';
import { statefulRemoval } from '../shared/platform-stage';

export interface NetworkProps {
  /** Log retention and removal. */
  readonly stage: Stage;
  /** Addresses of the network, e.g. `10.20.0.0/16`. */
  readonly cidr: string;
  /** In how many zones it has subnets, 2 or 3. */
  readonly availabilityZones: number;
  /** Key that encrypts the flow logs. */
  readonly logKey: IKey;
}

/** Where in a network containers are. */
export interface Placement {
  /** Ids of isolated subnets, one per zone. */
  readonly subnets: string[];
  /** Ids of security groups. */
  readonly securityGroups: string[];
}

/** Services that jobs and model servers reach without leaving the network. */
const INTERFACES = {
  SageMakerApi: InterfaceVpcEndpointAwsService.SAGEMAKER_API,
  SageMakerRuntime: InterfaceVpcEndpointAwsService.SAGEMAKER_RUNTIME,
  SageMakerFeatureStore: InterfaceVpcEndpointAwsService.SAGEMAKER_FEATURESTORE_RUNTIME,
  Kms: InterfaceVpcEndpointAwsService.KMS,
  Logs: InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
  Monitoring: InterfaceVpcEndpointAwsService.CLOUDWATCH_MONITORING,
  EcrApi: InterfaceVpcEndpointAwsService.ECR,
  EcrDocker: InterfaceVpcEndpointAwsService.ECR_DOCKER,
  Athena: InterfaceVpcEndpointAwsService.ATHENA,
  Glue: InterfaceVpcEndpointAwsService.GLUE,
  Sts: InterfaceVpcEndpointAwsService.STS,
} as const;

/** An isolated network without a way to the internet: training jobs and model servers live in it. */
export class Network extends Construct {
  readonly vpc: Vpc;
  readonly securityGroup: SecurityGroup;

  constructor(scope: Construct, id: string, props: NetworkProps) {
    super(scope, id);
    this.vpc = new Vpc(this, 'Resource', {
      ipAddresses: IpAddresses.cidr(props.cidr),
      // By number: the letters of zones differ by region and account.
      availabilityZones: Array.from({ length: props.availabilityZones }, (_, zone) => Fn.select(zone, Fn.getAzs())),
      natGateways: 0,
      restrictDefaultSecurityGroup: false,
      subnetConfiguration: [{ name: 'isolated', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 20 }],
    });
    this.createFlowLogs(props);
    const endpoints = new SecurityGroup(this, 'Endpoints', {
      vpc: asVpc(this.vpc),
      description: 'Interface endpoints of AWS services',
      allowAllOutbound: false,
    });
    this.securityGroup = new SecurityGroup(this, 'Jobs', {
      vpc: asVpc(this.vpc),
      description: 'Training jobs and model servers',
      allowAllOutbound: false,
    });
    endpoints.addIngressRule(this.securityGroup, Port.tcp(443), 'TLS from jobs and model servers');
    this.securityGroup.addEgressRule(Peer.ipv4(props.cidr), Port.tcp(443), 'TLS to interface endpoints');
    // S3 and DynamoDB are reached at their public addresses, by routes of the gateway endpoints; the subnets have no other route out. The
    // endpoints' prefix lists, which would say so here, differ by region and have no name in a template.
    this.securityGroup.addEgressRule(Peer.anyIpv4(), Port.tcp(443), 'TLS to S3 and DynamoDB through gateway endpoints');
    this.securityGroup.addEgressRule(this.securityGroup, Port.allTcp(), 'Between the hosts of one job');
    this.securityGroup.addIngressRule(this.securityGroup, Port.allTcp(), 'Between the hosts of one job');
    acknowledge(this.securityGroup, [
      ['CdkNagValidationFailure', 'The peer is a token of this stack that is known only at deployment.'],
    ]);
    this.vpc.addGatewayEndpoint('S3', { service: GatewayVpcEndpointAwsService.S3 });
    this.vpc.addGatewayEndpoint('DynamoDb', { service: GatewayVpcEndpointAwsService.DYNAMODB });
    for (const [name, service] of Object.entries(INTERFACES))
      this.vpc.addInterfaceEndpoint(name, { service, securityGroups: [endpoints], open: false });
  }

  /** Ids of the subnets and security groups that jobs and model servers are placed in. */
  get placement(): Placement {
    return {
      subnets: this.vpc.isolatedSubnets.map(({ subnetId }) => subnetId),
      securityGroups: [this.securityGroup.securityGroupId],
    };
  }

  private createFlowLogs(props: NetworkProps): void {
    const logGroup = new LogGroup(this, 'FlowLogs', {
      encryptionKey: props.logKey,
      retention: props.stage.auditLogRetentionDays,
      removalPolicy: statefulRemoval(props.stage),
    });
    this.vpc.addFlowLog('Flow', {
      destination: FlowLogDestination.toCloudWatchLogs(logGroup),
      trafficType: FlowLogTrafficType.ALL,
    });
  }
}

import { Aws, CfnMapping, Fn, type Stack } from 'aws-cdk-lib';

/**
 * Accounts that hold the managed XGBoost images, by region (image tables of the SageMaker Python SDK 2.257).
 * Regions that are missing here fail at deployment with the name of the mapping.
 */
const XGBOOST_ACCOUNTS: Readonly<Record<string, string>> = {
  'us-east-1': '683313688378',
  'us-east-2': '257758044811',
  'us-west-1': '746614075791',
  'us-west-2': '246618743249',
  'ca-central-1': '341280168497',
  'sa-east-1': '737474898029',
  'eu-west-1': '141502667606',
  'eu-west-2': '764974769150',
  'eu-west-3': '659782779980',
  'eu-central-1': '492215442770',
  'eu-north-1': '662702820516',
  'ap-south-1': '720646828776',
  'ap-southeast-1': '121021644041',
  'ap-southeast-2': '783357654285',
  'ap-northeast-1': '354813040037',
  'ap-northeast-2': '366743142698',
};

/** The version that containers/ is written for; the Python environment pins the same. */
const XGBOOST_TAG = '3.0-5';
const MAPPING_ID = 'FrameworkImages';

/** The managed XGBoost image of the deployment's region: it trains and serves, on CPU and GPU. */
export function xgboostImage(stack: Stack): { readonly uri: string; readonly repositoryArn: string } {
  const existing = stack.node.tryFindChild(MAPPING_ID) as CfnMapping | undefined;
  const table = Object.fromEntries(Object.entries(XGBOOST_ACCOUNTS).map(([region, account]) => [region, { xgboost: account }]));
  const mapping = existing ?? new CfnMapping(stack, MAPPING_ID, { mapping: table });
  const account = mapping.findInMap(Aws.REGION, 'xgboost');
  return {
    uri: Fn.join('', [account, '.dkr.ecr.', Aws.REGION, '.', Aws.URL_SUFFIX, `/sagemaker-xgboost:${XGBOOST_TAG}`]),
    repositoryArn: Fn.join('', ['arn:', Aws.PARTITION, ':ecr:', Aws.REGION, ':', account, ':repository/sagemaker-xgboost']),
  };
}

import type { ServiceFactory } from '../../cloud';
import { apiGatewayRights } from './authorization';
import { apisOperations } from './control/apis';
import { keyOperations } from './control/keys';
import { methodOperations } from './control/methods';
import { partOperations } from './control/parts';
import { plansOperations } from './control/plans';
import { stagesOperations } from './control/stages';
import { Gateway } from './gateway/gateway';
import { Quotas } from './gateway/quota';
import { apiResources } from './resources/apis';
import { stageResources } from './resources/stages';
import { Store } from './store';

/** API Gateway, REST APIs: the control plane, and the gateway that serves their stages. */
export const apigateway: ServiceFactory = (cloud) => {
  const store = new Store(cloud);
  const quotas = new Quotas(store);
  const gateway = new Gateway(cloud, store, quotas);
  const sdk = '@aws-sdk/client-api-gateway';
  const operations = {
    ...apisOperations(store),
    ...methodOperations(store),
    ...partOperations(store),
    ...stagesOperations(store),
    ...plansOperations(store, quotas),
    ...keyOperations(store),
  };
  return {
    name: 'apigateway',
    signingNames: ['apigateway'],
    sdk,
    operations,
    rights: apiGatewayRights(sdk, Object.keys(operations)),
    resources: [...apiResources, ...stageResources],
    routes: [gateway],
    stop: () => gateway.stop(),
  };
};

import { actionsOn, arnOf, type Rights } from '../../iam/rights';

/** Rights of Application Auto Scaling's operations. Source: Service Authorization Reference, "AWS Application Auto Scaling". */
export const autoScalingRights: Rights = actionsOn('application-autoscaling', [
  [
    `RegisterScalableTarget DescribeScalableTargets DeregisterScalableTarget DescribeScalingActivities PutScalingPolicy
     DescribeScalingPolicies DeleteScalingPolicy`,
    (_, scope) => arnOf('application-autoscaling', scope, 'scalable-target/*'),
  ],
]);

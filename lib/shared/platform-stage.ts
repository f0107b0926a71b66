import { RemovalPolicy } from 'aws-cdk-lib';
import type { Platform, Stage } from '../../core/definition';
import type { Names } from '../../core/naming';
import type { Artefacts } from './artefacts';

/** What every construct of a stage is built from. */
export interface PlatformStage {
  /** The checked definitions. */
  readonly platform: Platform;
  /** The row of the stage table that is deployed. */
  readonly stage: Stage;
  /** Physical names of the stage. */
  readonly names: Names;
  /** Function bundles, job sources and baseline artefacts, built before synthesis. */
  readonly artefacts: Artefacts;
}

/**
 * Removal policy of stateful resources, from the stage table. What is retained is still removed when its own creation is rolled back: its
 * fixed name would block every retry.
 */
export function statefulRemoval(stage: Stage): RemovalPolicy {
  return stage.removal === 'retain' ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY;
}

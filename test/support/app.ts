import { App } from 'aws-cdk-lib';

/** An app of a test. CDK's own rules start a WebAssembly module for seconds in each file of tests; the synthesis of the CLI has them on. */
export function testApp(): App {
  return new App({ analyticsReporting: false, builtinCloudFormationValidation: false });
}

"""Calls every supported operation of a local AWS by boto3; prints what was called, which errors were met, and what was wrong, as JSON.

python run.py <endpoint> <region> [service...]     (credentials from the environment)
"""

import importlib
import json
import sys
import time
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from shapes import problems
from steps import Step, resolve

ORDER = [
    *('iam', 'sts', 'kms', 's3', 'ssm', 'logs', 'kinesis', 'dynamodb', 'sqs', 'sns', 'lambda', 'cloudwatch', 'events', 'scheduler'),
    *('apigateway', 'cognito-idp', 'wafv2', 'glue', 'athena', 'firehose', 'sagemaker', 'sagemaker-runtime'),
    *('sagemaker-featurestore-runtime', 'application-autoscaling', 'ecr', 'budgets', 'cloudformation'),
]
# A service that retries its own failures for us would hide them.
CONFIG = Config(retries={'total_max_attempts': 1}, parameter_validation=False, s3={'addressing_style': 'path'}, read_timeout=30)
PATIENCE_S = 60


class Run:
    def __init__(self, endpoint: str, region: str) -> None:
        self.endpoint = endpoint
        self.region = region
        self.clients: dict[str, Any] = {}
        self.called: dict[str, dict[str, list[str]]] = {}
        self.errors: dict[str, list[str]] = {}

    def client(self, service: str) -> Any:
        if service not in self.clients:
            self.clients[service] = boto3.client(service, endpoint_url=self.endpoint, region_name=self.region, config=CONFIG)
        return self.clients[service]

    def step(self, service: str, step: Step, answers: dict[str, Any]) -> None:
        """Runs one step; what is wrong with it is noted with its operation."""
        of = step.service or service
        notes = self.called.setdefault(of, {}).setdefault(step.operation, [])
        try:
            notes.extend(self.attempt(of, step, answers))
        except Exception as error:
            notes.append(f'{type(error).__name__}: {error}')

    def attempt(self, service: str, step: Step, answers: dict[str, Any]) -> list[str]:
        client = self.client(service)
        model = client.meta.service_model.operation_model(step.operation)
        method = getattr(client, next(name for name, api in client.meta.method_to_api_mapping.items() if api == step.operation))
        params = resolve(step.params, answers)
        give_up = time.monotonic() + PATIENCE_S
        while True:
            try:
                answer = method(**params)
            except ClientError as error:
                return self.refused(service, step, error)
            if step.error is not None:
                return [f'was expected to fail with {step.error}']
            answers[step.operation] = answer
            if step.until is None or step.until(answer):
                break
            if time.monotonic() > give_up:
                return [f'did not come to what was waited for: {str(answer)[:400]}']
            time.sleep(0.1)
        return [] if model.output_shape is None else [found.lstrip('.') for found in problems(model.output_shape, answer)]

    def refused(self, service: str, step: Step, error: ClientError) -> list[str]:
        code = error.response['Error']['Code']
        status = error.response['ResponseMetadata']['HTTPStatusCode']
        if step.error is None:
            return [f'{code} ({status}): {error.response["Error"].get("Message")}']
        if code != step.error:
            return [f'failed with {code}, not {step.error}: {error.response["Error"].get("Message")}']
        self.errors.setdefault(service, []).append(code)
        wanted = self.status(service, code)
        return [] if wanted is None or status == wanted else [f'{code} came with status {status}, not {wanted}']

    def status(self, service: str, code: str) -> int | None:
        """The status of an error by the model; services that speak AWS's JSON answer 400 to all that a client got wrong."""
        model = self.client(service).meta.service_model
        for shape in model.error_shapes:
            if code in (shape.name, shape.error_code):
                if model.metadata['protocol'] == 'json' and 'awsQueryCompatible' not in model.metadata:
                    return 500 if shape.metadata.get('fault') else 400
                return shape.metadata.get('error', {}).get('httpStatusCode')
        return None


def main() -> None:
    endpoint, region, *chosen = sys.argv[1:]
    run = Run(endpoint, region)
    for service in chosen or ORDER:
        module = importlib.import_module(f'services.{service.replace("-", "_")}')
        answers: dict[str, Any] = {}
        for step in module.STEPS:
            run.step(service, step, answers)
    print(json.dumps({'called': run.called, 'errors': run.errors}))


main()

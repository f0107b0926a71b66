"""Run a query on Athena and bring its rows here: `UNLOAD` to Parquet in S3, wait, download."""

from __future__ import annotations

import hashlib
import time
import uuid
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import urlparse

import pyarrow as pa
import pyarrow.parquet as pq

from job import JobError

FIRST_WAIT_S, LONGEST_WAIT_S, GROWTH = 0.1, 5.0, 1.5


@dataclass(frozen=True)
class Athena:
    """A workgroup, a database and an S3 prefix under which each query gets a folder of its own (UNLOAD refuses one that is not empty)."""

    client: Any
    s3: Any
    workgroup: str
    database: str
    unload_to: str
    timeout_s: float = 1800

    def rows(self, sql: str, what: str) -> pa.Table:
        """All rows of a SELECT. Raises JobError with Athena's reason; `what` names the query in it."""
        target = f'{self.unload_to.rstrip("/")}/{uuid.uuid4()}/'
        statement = f"UNLOAD ({sql.strip().rstrip(';')}) TO '{target}' WITH (format = 'PARQUET')"
        started = self.client.start_query_execution(
            QueryString=statement,
            ClientRequestToken=hashlib.sha256(statement.encode()).hexdigest(),
            QueryExecutionContext={'Database': self.database},
            WorkGroup=self.workgroup,
        )
        self.wait(started['QueryExecutionId'], what)
        return self.download(target, what)

    def wait(self, query: str, what: str) -> None:
        pause, deadline = FIRST_WAIT_S, time.monotonic() + self.timeout_s
        while True:
            status = self.client.get_query_execution(QueryExecutionId=query)['QueryExecution']['Status']
            if status['State'] == 'SUCCEEDED':
                return
            if status['State'] in ('FAILED', 'CANCELLED'):
                raise JobError(f'the query for {what} ({query}) {status["State"].lower()}: {status.get("StateChangeReason", "no reason given")}')
            if time.monotonic() > deadline:
                self.client.stop_query_execution(QueryExecutionId=query)
                raise JobError(f'the query for {what} ({query}) did not end within {self.timeout_s:g} s')
            time.sleep(pause)
            pause = min(pause * GROWTH, LONGEST_WAIT_S)

    def download(self, target: str, what: str) -> pa.Table:
        address = urlparse(target)
        pages = self.s3.get_paginator('list_objects_v2').paginate(Bucket=address.netloc, Prefix=address.path.lstrip('/'))
        keys = sorted(item['Key'] for page in pages for item in page.get('Contents', ()) if item['Size'])
        if not keys:
            raise JobError(f'{what} has no rows: no event of the lake falls into it, or none has an outcome yet')
        bodies = (self.s3.get_object(Bucket=address.netloc, Key=key)['Body'].read() for key in keys)
        return pa.concat_tables([pq.read_table(BytesIO(body)) for body in bodies], promote_options='permissive')

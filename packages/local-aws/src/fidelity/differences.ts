/** What works otherwise here than in an account, one line with its reason for each, by service. What is refused says so itself and is not here. */
export const DIFFERENCES: Readonly<Record<string, readonly string[]>> = {
  'all services': [
    'One account, one region, one loopback port: there is no network to isolate, so VPCs, subnets and endpoints are not made.',
    'State is safe from a killed process, not from a power cut: the store leaves flushing to the system, as a development machine may.',
    'Requests of 256 MiB and more are refused, also where S3 takes 5 GiB: a request is read whole.',
    'Quotas and rates of the account are not counted, except where a service is listed with them: one machine is the limit.',
    'The clock may stand still or jump (docs/adr/0001-controllable-clock.md); processes (functions, jobs, model servers) run in real time.',
    'Enum values in the text of a validation error stand in the order of the model; an account has its own order.',
    'Lengths, ranges, patterns and enums are checked for clients and for templates; calls that services make of each other are not.',
  ],
  apigateway: [
    'Templates know $context and $stageVariables (and the status of a MOCK); what only VTL could render is refused.',
    'Integrations are AWS_PROXY and MOCK, authorizers TOKEN and REQUEST; all others are refused.',
    'Throttle buckets fill by the clock of the cloud, as quotas and rate rules do: while it stands still, so that a test can say which request is refused, they do not refill.',
    'Response caches and custom domain names are refused: there is no DNS here that could lead to a name.',
  ],
  athena: [
    'SELECT and UNLOAD only, run by DuckDB on copies of the objects that are read: DDL, CTAS, INSERT, MERGE, OPTIMIZE and VACUUM are refused. A function that DuckDB lacks fails as an unknown one does in Athena.',
    'Iceberg tables have no metadata files: each data file below the location is current.',
    'Scanned bytes are the sizes of the objects that were read; a columnar reader in an account may count less.',
  ],
  budgets: ['Nothing costs anything here, so no budget is ever exceeded.'],
  cloudformation: [
    'Properties are checked by the schemas of @aws-cdk/aws-service-spec, which hold types, required properties and replacement; lengths, patterns and enums are those of the operation that a handler calls, and its words tell them.',
    'A resource is stable when its handler returns; drift detection, nested stacks, transforms and resource import are refused.',
  ],
  cloudwatch: [
    'Composite alarms, anomaly bands and Metrics Insights are refused.',
    'Data points are kept for as long as the state folder is; AWS thins them out after 15 days.',
  ],
  'cognito-idp': [
    'Only client_credentials give tokens: people do not sign in here, and messages are not sent.',
    'The issuer is the address of this port, since no other would answer for its keys.',
  ],
  dynamodb: [
    "Items are not encrypted on disk: they lie in the store of this machine, which has the rights of its user. The use of the table's key is asked of who calls, and a disabled key closes the table.",
    'Streams are refused, and so are local secondary indexes, a change of indexes, and the parameters of before expressions.',
    'A deletion by time to live comes up to an hour of the clock after its time (in an account it may take days); it writes no stream record.',
    'Capacity is counted in the answers and in metrics; nothing is throttled.',
    'Reads are always strongly consistent, also from indexes.',
  ],
  ecr: ['Repositories hold no images: framework images are processes here.'],
  events: ['The default bus only; archives, replays, partner sources and API destinations are refused.'],
  firehose: [
    'The destination is S3, as Parquet or as it came; others are refused, and so is a backup of the source records.',
    'Whether a buffer is full is looked at after every 256 writes; otherwise its interval on the clock writes it, in objects of at most its size.',
  ],
  iam: [
    'Users, groups, SAML and OIDC providers, and instance profiles are refused: only roles and one administrator act here.',
    'AWS managed policies are those that the templates and the bootstrap attach; ReadOnlyAccess is told by its verbs.',
    'Organizations (service and resource control policies) and endpoint policies do not exist: there is one account and no network.',
    'The connection is loopback HTTP and counts as aws:SecureTransport.',
    'Calls that services make for themselves (their own metrics, events and log lines) ask nobody.',
  ],
  kinesis: [
    'Shards are not split or merged, and a stream on demand keeps its four: one process serves all of them.',
    'The limits of a shard (1 MB/s, 1,000 records/s) are not enforced: a replay puts hours of records into a moment of a clock that jumps. A fault (throttle, or partial of PutRecords) gives what a full shard answers. Enhanced fan-out is refused.',
  ],
  kms: [
    'Symmetric keys only; asymmetric and HMAC keys, multi-Region keys, imported material and custom key stores are refused.',
    'Key material lies in the store of this machine. Rotation is a setting that makes no new material.',
  ],
  lambda: [
    'Environments are processes, with the rights of the user who started the server; memory is limited by the heap of Node, and the file system is not isolated.',
    'Runtimes of Node only: nodejs18.x and nodejs20.x run on the Node of the server, nodejs22.x and nodejs24.x on Node 24 where its package is installed.',
    'Code on disk is not encrypted; layers, images, SnapStart, tumbling windows and event filters are refused.',
    'An alias leads to one version: traffic is not split. GetFunction gives no address to fetch the code from.',
    'The Runtime API is not served, AWS_LAMBDA_RUNTIME_API is a name only: extensions and custom runtimes are refused.',
    'An invocation of a function that answers within milliseconds may wait up to 25 ms for an environment at work, where an account starts another one.',
  ],
  logs: ['Filter patterns are one term or phrase; Logs Insights, metric filters, subscriptions and export are refused.'],
  s3: [
    'Lifecycle rules expire objects and versions and abort uploads at the midnights of the clock, by prefix and days; transitions, tags, sizes and dates are refused.',
    'Logging and CORS are kept and shown: nothing writes access logs, and no browser asks.',
    'Redundancy, storage classes, replication, object lock, ACLs and website hosting do not exist: an object is a file on this machine.',
  ],
  sagemaker: [
    'Training, processing and model servers are Python processes under the contract of the managed images: versions are those of requirements.txt, instance types are names.',
    'Jobs and servers are not isolated from the network or from each other; VPC settings are kept.',
    'The offline store writes Parquet in the layout of Iceberg without its metadata files; one folder per day.',
    'A model package is not validated by running it.',
    "Rows of an online store are not encrypted on disk. The use of its key is asked of who writes (kms:GenerateDataKey) and reads (kms:Decrypt), and a disabled key closes it. AWS's guide names no action per operation.",
    'Volumes of jobs and endpoints are folders: their key is kept, and no grant on it is made in the name of their role.',
  ],
  'sagemaker-runtime': ['Asynchronous, streaming and multi-model invocation are refused.'],
  scheduler: [
    'A schedule fires at its exact time; flexible windows are kept and not used, so that the same run gives the same events.',
  ],
  sns: [
    'Messages are not encrypted at rest and not signed with a certificate of AWS.',
    'Queues and functions get messages; an address of email stays pending, since nothing here sends mail. FIFO topics are refused.',
  ],
  sqs: [
    "Standard queues only. Messages are not encrypted at rest; the use of the queue's key is asked of who sends and receives.",
  ],
  ssm: ['Parameters of the types String and StringList; SecureString is refused.'],
  sts: ['Sessions of roles only; federation, MFA and tokens of the root are refused.'],
  wafv2: [
    'Groups of managed rules are kept and match nothing, since AWS does not publish what they match.',
    'Log destinations are kept; no log is written.',
  ],
};

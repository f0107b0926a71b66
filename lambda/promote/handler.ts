import { findModel, type Model, type Platform } from '../../core/definition';
import { METRICS, type MetricName, modelDimensions } from '../../core/metrics';
import type { Names } from '../../core/naming';
import { canaryShare, checkDigest, contenderMetrics, type EvaluationReport, judge } from '../../core/promotion';
import { type LedgerEntry, type LedgerEvent, type Run, releaseLease } from '../../core/retraining';
import { taskOf } from '../../core/tasks';
import type { Champions } from '../adapters/champions';
import type { EndpointFleet } from '../adapters/endpoint-fleet';
import type { ModelHistory, Rollout } from '../adapters/model-history';
import type { Notify } from '../adapters/notifier';
import type { ModelPackage, Registry } from '../adapters/registry';
import type { Log, MetricSink } from '../runtime/observability';
import { type PromoteEvent, readPromoteEvent } from './event';

export interface PromoteDependencies {
  readonly platform: Platform;
  readonly stage: { readonly name: string };
  readonly names: Names;
  readonly history: ModelHistory;
  readonly champions: Champions;
  readonly registry: Registry;
  readonly fleet: EndpointFleet;
  readonly bucket: {
    report(model: string, executionId: string): Promise<EvaluationReport | undefined>;
    publishProfile(model: string, executionId: string, version: string): Promise<void>;
    digest(url: string): Promise<string>;
  };
  readonly notify: Notify;
  readonly metrics: MetricSink;
  readonly log: Log;
  readonly now: () => number;
}

/** Follows a challenger from the end of its run to the champion pointer; the only writer of the pointer between deployments. */
export function makePromote(dependencies: PromoteDependencies) {
  return async (event: unknown): Promise<void> => {
    const read = readPromoteEvent(dependencies.platform, dependencies.names, event);
    if (read.kind === 'ignored') return;
    const model = findModel(dependencies.platform, read.model);
    if (model === undefined) throw new Error(`no model '${read.model}'`);
    await new Promotion(dependencies, model).follow(read);
  };
}

type Settled = Exclude<Run['outcome'], 'running'>;

class Promotion {
  constructor(
    private readonly to: PromoteDependencies,
    private readonly model: Model,
  ) {}

  follow(event: Exclude<PromoteEvent, { kind: 'ignored' }>): Promise<void> {
    switch (event.kind) {
      case 'run-ended':
        return this.runEnded(event.executionArn, event.status);
      case 'package-approved':
        return this.packageApproved(event.packageArn);
      case 'endpoint-settled':
        return this.endpointSettled();
      case 'rollback-wanted':
        return this.goBack(event.version);
    }
  }

  /** A run that made no package: refused by its gates, or failed. */
  private async runEnded(executionArn: string, status: string): Promise<void> {
    const id = idOf(executionArn);
    const report = await this.to.bucket.report(this.model.name, id);
    if (report !== undefined) await this.recordEvaluation(id, executionArn, report);
    const rejected = report !== undefined && !report.verdict.passed;
    const reason = rejected
      ? report.verdict.reasons.join('; ')
      : `training ${status.toLowerCase()}: ${await this.to.registry.failureOf(executionArn)}`;
    await this.append('refused', `refused-${id}`, { reason, execution: executionArn });
    await this.settleRun(executionArn, rejected ? 'rejected' : 'failed');
    this.count(METRICS.promotionRefused);
    await this.to.notify(`${this.model.name}: no new champion`, { model: this.model.name, reason, execution: executionArn });
  }

  private async packageApproved(packageArn: string): Promise<void> {
    const found = await this.to.registry.package(packageArn);
    const current = await this.to.champions.get(this.model.name);
    if (current?.version === found.version || (await this.to.history.rollout(this.model.name))?.version === found.version) return;
    const executionId = found.execution === undefined ? undefined : idOf(found.execution);
    const report = executionId === undefined ? undefined : await this.to.bucket.report(this.model.name, executionId);
    if (report !== undefined) await this.recordEvaluation(executionId ?? '', found.execution ?? '', report, found.version);
    const objection = await this.objection(found, report);
    if (objection !== undefined || report === undefined) return this.refusePackage(found, objection ?? 'not-evaluated');
    await this.to.bucket.publishProfile(this.model.name, executionId ?? '', found.version);
    await this.startCanary(found, contenderMetrics(report.challenger));
  }

  /** Why a package must not be served; undefined when nothing speaks against it. */
  private async objection(found: ModelPackage, report: EvaluationReport | undefined): Promise<string | undefined> {
    if (await this.to.champions.isFrozen(this.model.name)) return 'frozen';
    if (report === undefined) return 'not-evaluated: the package does not come from a run of the pipeline';
    const check = checkDigest(found.digest, await this.to.bucket.digest(found.modelDataUrl));
    if (!check.ok) return check.reason;
    if (report.challenger.digest !== found.digest) return 'digest-mismatch: the report is about another artefact';
    const verdict = judge(this.model, report);
    return verdict.passed ? undefined : verdict.reasons.join('; ');
  }

  private async refusePackage(found: ModelPackage, reason: string): Promise<void> {
    await this.append('refused', `refused-package-${found.version}`, { reason, version: found.version });
    if (found.execution !== undefined) await this.settleRun(found.execution, 'rejected');
    this.count(METRICS.promotionRefused);
    await this.to.notify(`${this.model.name}: version ${found.version} refused`, { model: this.model.name, reason });
  }

  private async startCanary(found: ModelPackage, metrics: Record<string, number>): Promise<void> {
    const { names, fleet, history, now } = this.to;
    const endpoint = names.endpoint(this.model.name);
    const before = await fleet.state(endpoint);
    const name = `${names.endpoint(this.model.name)}-v${found.version}`;
    await fleet.prepare(endpoint, { ...found, name, model: this.model.name });
    const rollout: Rollout = {
      version: found.version,
      modelPackageArn: found.arn,
      modelDataUrl: found.modelDataUrl,
      digest: found.digest ?? '',
      endpointConfigName: name,
      previousConfigName: before.configName,
      ...(found.execution === undefined ? {} : { execution: found.execution }),
      startedAt: now(),
      metrics,
    };
    await history.putRollout(this.model.name, rollout);
    await fleet.rollOut(endpoint, name, this.model.serving.canary, [
      names.errorAlarm(this.model.name),
      names.latencyAlarm(this.model.name),
    ]);
    const { sizePercent, bake } = this.model.serving.canary;
    await this.append('canary-started', `canary-${found.version}`, {
      version: found.version,
      reason: `${canaryShare(before.instances, sizePercent)} for ${bake}`,
      ...(found.execution === undefined ? {} : { execution: found.execution }),
    });
  }

  /** The endpoint has come to rest: what it serves decides, never its status alone. */
  private async endpointSettled(): Promise<void> {
    const rollout = await this.to.history.rollout(this.model.name);
    if (rollout === undefined) return;
    const state = await this.to.fleet.state(this.to.names.endpoint(this.model.name));
    if (state.status === 'Updating' || state.status === 'Creating') return;
    if (state.status === 'InService' && state.configName === rollout.endpointConfigName) await this.promoted(rollout);
    else if (state.configName === rollout.previousConfigName)
      await this.rolledBack(rollout, state.failureReason ?? `endpoint is ${state.status}`);
  }

  private async promoted(rollout: Rollout): Promise<void> {
    const promotedAt = new Date(this.to.now()).toISOString();
    const { version, modelPackageArn, modelDataUrl, digest, endpointConfigName } = rollout;
    await this.to.champions.put(this.model.name, {
      version,
      modelPackageArn,
      modelDataUrl,
      digest,
      endpointConfigName,
      promotedAt,
    });
    const { execution, metrics } = rollout;
    await this.append('promoted', `promoted-${version}-${rollout.startedAt}`, {
      version,
      metrics,
      reason: 'the canary stayed within its alarms',
      ...(execution === undefined ? {} : { execution }),
    });
    if (execution !== undefined) await this.settleRun(execution, 'promoted');
    await this.to.history.removeRollout(this.model.name);
    this.count(METRICS.promoted);
  }

  private async rolledBack(rollout: Rollout, reason: string): Promise<void> {
    const { version, execution } = rollout;
    await this.append('rolled-back', `rolled-back-${version}-${rollout.startedAt}`, {
      version,
      reason,
      ...(execution === undefined ? {} : { execution }),
    });
    if (execution !== undefined) await this.settleRun(execution, 'rolled-back');
    await this.to.history.removeRollout(this.model.name);
    this.count(METRICS.rolledBack);
    await this.to.notify(`${this.model.name}: version ${version} rolled back`, { model: this.model.name, version, reason });
  }

  /** A person wants an earlier registered version back: by the same canary, after the same check of its bytes. */
  private async goBack(version: string): Promise<void> {
    const current = await this.to.champions.get(this.model.name);
    const group = current?.modelPackageArn?.replace(/\/\d+$/, '');
    if (group === undefined) throw new Error(`${this.model.name} has no registered champion to go back from`);
    const found = await this.to.registry.package(`${group}/${version}`);
    const check = checkDigest(found.digest, await this.to.bucket.digest(found.modelDataUrl));
    if (!check.ok) throw new Error(`version ${version} of ${this.model.name}: ${check.reason}`);
    const { execution: _, ...rest } = found;
    await this.startCanary({ ...rest, execution: undefined }, {});
  }

  private async recordEvaluation(id: string, execution: string, report: EvaluationReport, version?: string): Promise<void> {
    const named = version === undefined ? {} : { version };
    const { challenger, champion, holdout } = report;
    await this.append('trained', `trained-${id}`, {
      ...named,
      execution,
      reason: `artefact ${challenger.digest ?? 'without digest'}`,
    });
    const { metric, label } = taskOf(this.model).headline;
    const value = (it: typeof champion) => it?.metrics[metric]?.value?.toFixed(4) ?? 'none';
    const reason = `${label} ${value(challenger)} against ${value(champion)} of the champion on the same ${holdout.rows} rows`;
    await this.append('evaluated', `evaluated-${id}`, { ...named, execution, reason, metrics: contenderMetrics(challenger) });
  }

  private async settleRun(execution: string, outcome: Settled): Promise<void> {
    const { history, now } = this.to;
    const run = (await history.runs(this.model.name)).find((it) => it.execution === execution);
    if (run === undefined) return;
    await history.putRun(this.model.name, { ...run, outcome });
    const lease = await history.lease(this.model.name);
    if (lease?.token === run.token) await history.putLease(this.model.name, releaseLease(lease, now()), lease);
  }

  private async append(event: LedgerEvent, id: string, rest: Omit<LedgerEntry, 'model' | 'at' | 'event'>): Promise<void> {
    const at = new Date(this.to.now()).toISOString();
    await this.to.history.append({ model: this.model.name, at, event, ...rest }, id);
    this.to.log.info(event, { model: this.model.name, ...rest });
  }

  private count(name: MetricName): void {
    this.to.metrics.put({ name, unit: 'Count', value: 1, dimensions: modelDimensions(this.to.stage.name, this.model.name) });
  }
}

function idOf(executionArn: string): string {
  return executionArn.slice(executionArn.lastIndexOf('/') + 1);
}

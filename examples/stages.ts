import { defineStages } from '../core/definition';

/** Stages of the examples, small enough for a laptop. */
export const stages = defineStages({
  dev: {
    removal: 'destroy',
    terminationProtection: false,
    vpc: null,
    logRetentionDays: 30,
    auditLogRetentionDays: 180,
    onCall: ['ml-oncall-dev@example.com'],
    monthlyBudgetUsd: 500,
    stream: { shards: 1 },
    throttle: { rate: 1000, burst: 2000 },
    reservedConcurrency: null,
    tokenLifetimeMinutes: 60,
    corsOrigins: [],
  },
  prod: {
    removal: 'retain',
    terminationProtection: true,
    vpc: { cidr: '10.20.0.0/16', availabilityZones: 3 },
    logRetentionDays: 180,
    auditLogRetentionDays: 400,
    onCall: ['ml-oncall@example.com'],
    monthlyBudgetUsd: 8000,
    stream: 'on-demand',
    throttle: { rate: 2000, burst: 4000 },
    reservedConcurrency: 150,
    tokenLifetimeMinutes: 60,
    corsOrigins: ['https://ops.example.com'],
  },
});

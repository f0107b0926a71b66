import { exampleTemplates } from '../../support/example-templates';

interface Widget {
  readonly type: string;
  readonly width: number;
  readonly y: number;
  readonly properties: {
    readonly title?: string;
    readonly markdown?: string;
    readonly metrics?: readonly unknown[][];
    readonly annotations?: unknown;
  };
}

const templates = exampleTemplates();
const dashboard = templates.properties('dev', 'application', 'Dashboard');
const { widgets } = JSON.parse(String(dashboard.DashboardBody)) as { widgets: readonly Widget[] };

function metricsOf(title: string): unknown[] {
  const found = widgets.find(({ properties }) => properties.title === title);
  return (found?.properties.metrics ?? []).map(([namespace, name]) => `${namespace} ${name}`);
}

test('a model has a heading with its description, and its graphs below', () => {
  expect(dashboard.DashboardName).toBe('slipway-dev-models');
  expect(widgets[0]?.properties.markdown).toBe(
    '# flight-delay\nAt scheduled departure: will the flight arrive more than 15 minutes late?',
  );
  expect(widgets.slice(1).map(({ properties }) => properties.title)).toEqual([
    'Drift (share of the limit)',
    'Live quality',
    'Invocations',
    'Model latency (microseconds, p99)',
    'psi by input',
    'jensenShannon by input',
    'kolmogorovSmirnov by input',
    'missingIncrease by input',
    'outOfRange by input',
  ]);
});

test('drift is drawn with its limit', () => {
  const drift = widgets.find(({ properties }) => properties.title === 'Drift (share of the limit)');

  expect(metricsOf('Drift (share of the limit)')).toEqual(['Slipway DriftRatio']);
  expect(drift?.properties.annotations).toEqual({ horizontal: [{ value: 1, yAxis: 'left' }] });
});

test('traffic and latency are those of the endpoint', () => {
  expect(metricsOf('Invocations')).toEqual(['AWS/SageMaker Invocations', 'AWS/SageMaker Invocation5XXErrors']);
  expect(metricsOf('Model latency (microseconds, p99)')).toEqual(['AWS/SageMaker ModelLatency']);
});

test('no row is wider than a dashboard', () => {
  const widths = new Map<number, number>();
  for (const { y, width } of widgets) widths.set(y, (widths.get(y) ?? 0) + width);

  expect(Math.max(...widths.values())).toBeLessThanOrEqual(24);
});

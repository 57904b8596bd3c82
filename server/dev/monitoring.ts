/** What stands in `k8s/monitoring` and is printed from elsewhere. */

/** The rules as Google's managed Prometheus takes them. `rules`: those of a Prometheus of one's own. */
export function printManagedRules(rules: string): string {
  const groups = rules.slice(rules.indexOf('\ngroups:') + 1);
  return `# Printed from rules.yaml by \`pnpm fix\`. It sees what its own namespace is scraped for: DatabaseDiskFull and the\n# certificates' alerts say nothing here, as long as their exporters stand elsewhere.\napiVersion: monitoring.googleapis.com/v1\nkind: Rules\nmetadata:\n  name: aside\nspec:\n${groups.replace(/^(?=.)/gm, '  ')}`;
}

type Target = { legend: string; expr: string };
type Panel = { title: string; about: string; kind: 'timeseries' | 'stat'; unit: string; targets: Target[]; bound?: number };

/** The dashboard, in Grafana's classic form. */
export function printDashboard(): string {
  let id = 0;
  let y = 0;
  const panels = ROWS.flatMap(([title, row]) => {
    const head = { id: ++id, type: 'row', title, collapsed: false, gridPos: { h: 1, w: WIDTH, x: 0, y }, panels: [] };
    y += 1;
    const w = WIDTH / Math.min(row.length, PANELS_IN_LINE);
    const drawn = row.map((panel, i) => draw(panel, ++id, { h: HEIGHT, w, x: (i % PANELS_IN_LINE) * w, y: y + Math.floor(i / PANELS_IN_LINE) * HEIGHT }));
    y += Math.ceil(row.length / PANELS_IN_LINE) * HEIGHT;
    return [head, ...drawn];
  });
  return `${JSON.stringify({
    uid: 'aside', title: 'Aside', tags: ['aside'], timezone: 'browser', schemaVersion: 39, version: 1, editable: true, graphTooltip: 1, refresh: '30s',
    time: { from: 'now-3h', to: 'now' }, annotations: { list: [] }, links: [],
    templating: { list: [
      { name: 'datasource', type: 'datasource', label: 'Prometheus', query: 'prometheus', hide: 0 },
      { name: 'instance', type: 'query', label: 'Server', datasource: SOURCE, query: 'label_values(aside_build_info, instance)', refresh: 2, includeAll: true, multi: true, allValue: '.*', current: { text: 'All', value: '$__all' }, hide: 0 },
    ] },
    panels,
  }, null, 2)}\n`;
}

const WIDTH = 24;
const HEIGHT = 8;
const PANELS_IN_LINE = 4;
const SOURCE = { type: 'prometheus', uid: '$datasource' };

function draw({ title, about, kind, unit, targets, bound }: Panel, id: number, gridPos: object): object {
  const steps = [{ color: 'green', value: null }, ...(bound === undefined ? [] : [{ color: 'red', value: bound }])];
  const options = kind === 'stat' ? { reduceOptions: { calcs: ['lastNotNull'] }, colorMode: 'value', graphMode: 'area' } : { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi', sort: 'desc' } };
  const custom = kind === 'stat' ? {} : { custom: { fillOpacity: 10, lineWidth: 1, thresholdsStyle: { mode: bound === undefined ? 'off' : 'line' } } };
  return {
    id, type: kind, title, description: about, datasource: SOURCE, gridPos, options,
    fieldConfig: { defaults: { unit, thresholds: { mode: 'absolute', steps }, ...custom }, overrides: [] },
    targets: targets.map(({ legend, expr }, i) => ({ refId: String.fromCharCode(65 + i), datasource: SOURCE, expr, legendFormat: legend })),
  };
}

/** `targets`: legend and expression in turn. */
function graph(title: string, unit: string, about: string, targets: Record<string, string>, bound?: number): Panel {
  return { title, about, kind: 'timeseries', unit, targets: Object.entries(targets).map(([legend, expr]) => ({ legend, expr })), ...(bound === undefined ? {} : { bound }) };
}

function stat(title: string, unit: string, about: string, expr: string, bound?: number): Panel {
  return { ...graph(title, unit, about, { '': expr }, bound), kind: 'stat' };
}

/** Of the chosen servers. */
const of = (name: string, labels = ''): string => `${name}{instance=~"$instance"${labels && `,${labels}`}}`;
const rate = (name: string, labels = ''): string => `rate(${of(name, labels)}[$__rate_interval])`;
const p = (quantile: number, name: string): string => `histogram_quantile(${quantile}, sum by (le) (${rate(`${name}_bucket`)}))`;

const ROWS: [string, Panel[]][] = [
  ['What was promised', [
    stat('Available, 30 days', 'percentunit', 'Promised: 99.9 %', '1 - avg_over_time(aside:bad:ratio_rate1h[30d])'),
    stat('Delivered, p95', 's', 'Promised: 100 ms', 'aside:delivery_seconds:p95_rate5m', 0.1),
    stat('Lost in an hour', 'short', 'Words of the canary that nobody heard. Promised: none', 'aside:lost:increase1h', 1),
    graph('Failures', 'percentunit', 'Of what readers ask; 0.1 % is what may fail in the long run', { '5 minutes': 'aside:bad:ratio_rate5m', '1 hour': 'aside:bad:ratio_rate1h', '6 hours': 'aside:bad:ratio_rate6h' }, 0.01),
  ]],
  ['Readers', [
    graph('Readers', 'short', 'Open sockets, and how many a server takes', { '{{instance}}': of('aside_connections'), 'most, {{instance}}': of('aside_connections_max') }),
    graph('Coming in', 'ops', 'Readers brought to a position: resumed went on from their own, fresh began, reset began anew', { '{{kind}}': `sum by (kind) (${rate('aside_entries_total')})` }),
    graph('Turned away', 'ops', 'Sockets refused before they opened', { '{{reason}}': `sum by (reason) (${rate('aside_upgrades_refused_total')})` }),
    graph('Refused and cut', 'ops', 'What sessions refused, and whom they cut', { '{{code}}': `sum by (code) (${rate('aside_refusals_total')}) > 0`, 'cut: {{reason}}': `sum by (reason) (${rate('aside_cuts_total')})` }),
  ]],
  ['Rooms', [
    graph('Open rooms', 'short', 'Rooms with readers, or that had some a moment ago', { '{{instance}}': of('aside_rooms') }),
    graph('Fullest room', 'short', 'Readers of one room on one server', { '{{instance}}': of('aside_fullest_room_readers') }, 5_000),
    graph('Behind the log', 'short', 'In changes, as comparisons found it', { '{{instance}}': of('aside_head_lag_revs'), 'rooms a second': `sum(${rate('aside_heads_behind_total')})` }, 100),
    graph('Agreed with the log', 's', 'How long ago', { '{{instance}}': of('aside_heads_age_seconds'), 'other epochs': `sum(increase(${of('aside_epoch_changes_total')}[$__rate_interval]))` }, 60),
  ]],
  ['Fan-out', [
    graph('Delivery', 's', 'From a change being taken until the last reader of the room was written to', { p50: p(0.5, 'aside_delivery_seconds'), p95: p(0.95, 'aside_delivery_seconds'), p99: p(0.99, 'aside_delivery_seconds') }, 0.1),
    graph('The canary', 's', 'From saying to hearing, over the balancer', { p50: 'histogram_quantile(0.5, sum by (le) (rate(aside_canary_delivery_seconds_bucket[$__rate_interval])))', p95: 'histogram_quantile(0.95, sum by (le) (rate(aside_canary_delivery_seconds_bucket[$__rate_interval])))' }),
    graph('Written', 'ops', 'Rows to readers, and writes that carried them', { rows: `sum(${rate('aside_deliveries_total')})`, writes: `sum(${rate('aside_writes_total')})` }),
    graph('Event loop', 's', 'How late, p99', { '{{instance}}': of('aside_event_loop_lag_p99_seconds'), 'overloaded, {{instance}}': of('aside_overloaded') }, 0.25),
  ]],
  ['Database', [
    graph('Append', 's', 'One call, with its commit', { p50: p(0.5, 'aside_append_seconds'), p95: p(0.95, 'aside_append_seconds'), 'answers, 0 or 1': `min(${of('aside_database_up')})` }, 0.1),
    graph('Changes', 'ops', 'Taken, waiting, and those whose end nobody knows', { taken: `sum(${rate('aside_append_items_sum')})`, waiting: `sum(${of('aside_append_pending')})`, unknown: `sum(${rate('aside_append_unknown_total')})` }),
    graph('Connections', 'short', 'Of everybody, to the whole database server', { open: `max(${of('aside_database_connections')})`, most: `max(${of('aside_database_connections_max')})` }),
    graph('Reads', 'short', 'Under way, without a connection yet, and too late', { 'running, {{pool}}': `sum by (pool) (${of('aside_database_calls_running')})`, 'waiting, {{pool}}': `sum by (pool) (${of('aside_database_calls_waiting')})`, 'late, {{pool}}': `sum by (pool) (${rate('aside_database_deadlines_total')})` }),
    graph('Size', 'bytes', 'Without its log', { '': `max(${of('aside_database_bytes')})` }),
    graph('Waiting to be archived', 's', 'The oldest finished file of the log', { '': `max(${of('aside_wal_archive_age_seconds')})` }, 300),
    graph('Webhooks', 'short', 'Deliveries that wait, and that were given up', { waiting: `max(${of('aside_webhooks_waiting')})`, 'given up': `max(${of('aside_webhooks_dead')})` }),
    graph('Errors of our own', 'ops', 'By who noted them', { '{{source}}': `sum by (source) (${rate('aside_errors_total')})` }),
  ]],
  ['Redis', [
    graph('Reached', 'short', '1 while what is said comes back', { '{{instance}}': of('aside_redis_reached') }),
    graph('All heard', 'short', '1 while every server hears every other', { '{{instance}}': of('aside_bus_hears') }),
  ]],
  ['HTTP and streams', [
    graph('Requests', 'reqps', 'Answered, without probes', { '{{area}} {{status}}': `sum by (area, status) (${rate('aside_requests_total')})` }),
    graph('Origins asked', 'reqps', 'By outcome', { '{{outcome}}': `sum by (outcome) (${rate('aside_stream_fetches_total')}) > 0` }),
    graph('From memory', 'percentunit', 'Of what viewers ask, what no origin was asked for', { '': `1 - sum(${rate('aside_stream_fetches_total')}) / sum(${rate('aside_requests_total', 'area="stream"')})` }),
    graph('Segments in memory', 'bytes', 'And how much there is for them', { kept: `sum(${of('aside_stream_cache_bytes')})`, most: `sum(${of('aside_stream_cache_bytes_max')})` }),
  ]],
  ['Processes', [
    graph('CPU', 'percentunit', 'Of one core', { '{{instance}}': rate('process_cpu_seconds_total') }),
    graph('Memory', 'bytes', 'Resident', { '{{instance}}': of('process_resident_memory_bytes') }),
    graph('Versions', 'short', 'How many servers run which', { '{{version}}': `count by (version) (${of('aside_build_info')})`, ready: `sum(${of('aside_ready')})` }),
    graph('Certificate', 's', 'Until it ends', { '{{instance}}': 'probe_ssl_earliest_cert_expiry - time()' }),
  ]],
];

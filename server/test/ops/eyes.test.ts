import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import t from 'tap';
import { parse } from 'yaml';
import { printDashboard, printManagedRules } from '../../dev/monitoring.ts';
import { ROOT } from '../../dev/places.ts';
import { openDatabase } from '../support/database.ts';
import { openServer } from '../support/server.ts';

type Rule = { record?: string; alert?: string; expr: string; labels?: Record<string, string>; annotations?: Record<string, string> };
type Panel = { id: number; type: string; title: string; gridPos: { h: number; w: number; x: number; y: number }; datasource?: { uid: string }; targets?: { refId: string; expr: string }[] };

const MONITORING = path.join(ROOT, 'k8s/monitoring');
/** Where they were seen stands in docs/metrics.md. */
const OF_OTHERS = ['probe_ssl_earliest_cert_expiry', 'node_filesystem_avail_bytes', 'node_filesystem_size_bytes'];
const RUNBOOKS = ['error-spike', 'database-down', 'database-full', 'redis-down', 'hot-room', 'certificate', 'rollback', 'restore', 'secret-rotation', 'cost-spike', 'canary-loss', 'overload'];

const database = await openDatabase();
// Nobody is at that port: what Redis has to do with is measured without it.
const server = await openServer(database.url, { REDIS_URL: 'redis://127.0.0.1:1' });
t.teardown(async () => {
  await server.close();
  await database.close();
});
const rulesText = await readFile(path.join(MONITORING, 'rules.yaml'), 'utf8');
const rules = (parse(rulesText) as { groups: { rules: Rule[] }[] }).groups.flatMap((group) => group.rules);
const dashboard = JSON.parse(printDashboard()) as { panels: Panel[] };
const measured = new Map([...(await server.scrape()).matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name = '', type = '']) => [name, type]));
const told = await tableOf('docs/metrics.md');

/** Name to type and labels, of every row. */
async function tableOf(file: string): Promise<Map<string, string>> {
  const text = await readFile(path.join(ROOT, file), 'utf8');
  return new Map([...text.matchAll(/^\| `(aside_\w+)` \| (\w+) \| ([^|]*) \|/gm)].map(([, name = '', type = '', labels = '']) => [name, `${type} ${labels.trim()}`]));
}

/** Metrics that an expression reads which nobody gives. `labels`, functions and words of PromQL are none. */
function missingIn(expr: string): string[] {
  const recorded = new Set(rules.map(({ record }) => record));
  const names = expr.replace(/\{[^}]*\}/g, '').replace(/\b(by|on|without) \([^)]*\)/g, '').match(/\b(aside|nodejs|process|node|probe|pg|redis|up)[\w:]*/g) ?? [];
  return names.filter((name) => {
    const base = name.replace(/_(bucket|sum|count)$/, '');
    return !recorded.has(name) && !measured.has(name) && measured.get(base) !== 'histogram' && !(told.has(base) && base.startsWith('aside_canary_')) && !OF_OTHERS.includes(name);
  });
}

t.test('what the documentation lists is what a server says, type and labels too, in both languages', async (t) => {
  const ours = [...measured].filter(([name]) => name.startsWith('aside_'));
  const documented = [...told].filter(([name]) => !name.startsWith('aside_canary_'));
  t.same(documented.map(([name, how]) => `${name} ${how.split(' ')[0]}`).sort(), ours.map(([name, type]) => `${name} ${type}`).sort());
  t.same(await tableOf('docs/metrics.ko.md'), told);
  for (const [, name = '', labels = ''] of (await server.scrape()).matchAll(/^(aside_\w+?)(?:_bucket|_sum|_count)?\{([^}]*)\}/gm)) {
    const had = [...labels.matchAll(/(\w+)="/g)].map(([, label]) => label).filter((label) => label !== 'le');
    const allowed = [...(told.get(name) ?? '').matchAll(/`(\w+)`/g)].map(([, label]) => label);
    t.strictSame(had, allowed, name);
  }
});

t.test('every metric of a rule or the dashboard is one that somebody gives', async (t) => {
  t.same(rules.flatMap(({ expr }) => missingIn(expr)), []);
  t.same(dashboard.panels.flatMap(({ targets = [] }) => targets.flatMap(({ expr }) => missingIn(expr))), []);
});

t.test('a metric that is not there is seen, whatever stands around it', async (t) => {
  t.same(missingIn('sum(rate(aside_wishes_total{area="chat"}[5m])) / on () aside_ready'), ['aside_wishes_total']);
  t.same(missingIn('histogram_quantile(0.95, sum by (le) (rate(aside_ready_bucket[5m])))'), ['aside_ready_bucket']);
  t.same(missingIn('pg_stat_activity_count > aside:bad:ratio_rate7d'), ['pg_stat_activity_count', 'aside:bad:ratio_rate7d']);
});

t.test('every alert says how urgent it is, what is wrong and where to read on', async (t) => {
  const alerts = rules.filter(({ alert }) => alert !== undefined);
  t.ok(alerts.length >= 12);
  t.equal(new Set(alerts.map(({ alert }) => alert)).size, alerts.length);
  for (const { alert = '', labels, annotations } of alerts) {
    t.match(labels?.['severity'], /^(page|ticket)$/, alert);
    t.match(annotations?.['summary'], /^\S.{20,}/, alert);
    const runbook = annotations?.['runbook_url'] ?? '';
    t.ok(RUNBOOKS.some((name) => runbook === `docs/runbooks/${name}.md`), `${alert} leads to ${runbook}`);
    if (existsSync(path.join(ROOT, 'docs/runbooks'))) t.ok(existsSync(path.join(ROOT, runbook)), `${runbook} is there`);
  }
});

t.test('the dashboard is drawn as Grafana reads it: nothing lies over anything else, and every row has panels', async (t) => {
  const { panels } = dashboard;
  t.equal(new Set(panels.map(({ id }) => id)).size, panels.length);
  const cells = panels.flatMap(({ gridPos: { h, w, x, y } }) => Array.from({ length: h * w }, (_, i) => `${x + (i % w)} ${y + Math.floor(i / w)}`));
  t.equal(new Set(cells).size, cells.length);
  t.ok(panels.every(({ gridPos: { w, x } }) => x + w <= 24));
  for (const { type, title, datasource, targets = [] } of panels.filter((panel) => panel.type !== 'row')) {
    t.match(type, /^(timeseries|stat)$/, title);
    t.equal(datasource?.uid, '$datasource');
    t.ok(targets.length > 0 && targets.every(({ refId, expr }, i) => refId === String.fromCharCode(65 + i) && expr !== ''), title);
  }
  const rows = panels.filter(({ type }) => type === 'row').map(({ title }) => title);
  t.match(rows, ['What was promised', 'Readers', 'Rooms', 'Fan-out', 'Database', 'Redis', 'HTTP and streams', 'Processes']);
});

t.test('what Google’s Prometheus and Grafana are given is printed from the same rules', async (t) => {
  const managed = parse(printManagedRules(rulesText)) as { spec: { groups: { interval: string }[] } };
  t.same(managed.spec, parse(rulesText));
  t.ok(managed.spec.groups.every(({ interval }) => interval), 'each says how often: there it must');
  t.equal(await readFile(path.join(MONITORING, 'managed-rules.yaml'), 'utf8'), printManagedRules(rulesText));
  t.equal(await readFile(path.join(MONITORING, 'dashboard.json'), 'utf8'), printDashboard());
});

// Shows a plan on the page of the run, with a digest of what it would do: whoever approves names that digest, and only a plan
// that has it is applied. `node plan-summary.mjs staging FOLDER`, where FOLDER holds plan.txt and plan.json.
import { createHash } from 'node:crypto';
import { appendFileSync, readFileSync } from 'node:fs';
import path from 'node:path';

// A summary of more than a MiB is not shown at all.
const MAX_CHARACTERS = 250_000;
const IDLE = new Set(['no-op', 'read']);

const [environment = '', folder = '.'] = process.argv.slice(2);
const text = readFileSync(path.join(folder, 'plan.txt'), 'utf8');
const plan = JSON.parse(readFileSync(path.join(folder, 'plan.json'), 'utf8'));

const changes = (plan.resource_changes ?? []).map(({ address, change }) => ({ address, change })).filter(({ change }) => !change.actions.every((one) => IDLE.has(one)));
const outputs = Object.entries(plan.output_changes ?? {}).filter(([, { actions }]) => !actions.every((one) => IDLE.has(one)));
// What is there already is left out: it holds times that move by themselves.
const wanted = [...changes.map(({ address, change }) => [address, change.actions, change.after, change.after_unknown]), ...outputs.map(([name, { actions, after }]) => [name, actions, after])];
const digest = createHash('sha256').update(JSON.stringify(wanted.map((one) => sorted(one)))).digest('hex');
const count = (action) => changes.filter(({ change }) => change.actions.includes(action)).length;
const tally = wanted.length === 0 ? 'nothing to do' : `${count('create')} to create, ${count('update')} to change, ${count('delete')} to destroy`;

const shown = text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS)}\n… cut after ${MAX_CHARACTERS} characters; the log of this run has all of it.` : text;
// A plan may quote a fence of its own.
const fence = '`'.repeat(Math.max(3, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length + 1)));
const summary = `### ${environment}: ${tally}\n\nTo apply it, run this workflow on main with the digest \`${digest}\`.\n\n<details><summary>The plan</summary>\n\n${fence}\n${shown.trim()}\n${fence}\n\n</details>\n`;

if (process.env.GITHUB_STEP_SUMMARY) appendFileSync(process.env.GITHUB_STEP_SUMMARY, summary);
if (process.env.GITHUB_OUTPUT) appendFileSync(process.env.GITHUB_OUTPUT, `digest=${digest}\nchanged=${wanted.length > 0}\n`);
process.stdout.write(`${environment}: ${tally}, ${digest}\n`);

/** The order of keys is Terraform's affair, and says nothing. */
function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]));
}

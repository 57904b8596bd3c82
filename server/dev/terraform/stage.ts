import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ROOT } from '../places.ts';
import { run } from '../run.ts';
import { readSchema } from './schema.ts';

/** The last that was made of this provider's schema; which version of the provider, it says itself. */
const BINDINGS = '@cdktf/provider-google@16.12.1';
const STAGE = path.join(tmpdir(), 'aside-terraform');

/** A copy of `terraform/` in which Terraform runs without the real provider: its schema is served by a small one of our own. */
export async function stage(say: (line: string) => void): Promise<(args: string[]) => Promise<{ code: number | null; output: string }>> {
  await mkdir(path.join(STAGE, 'npm'), { recursive: true });
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, TF_CLI_CONFIG_FILE: path.join(STAGE, 'terraformrc'), GOFLAGS: '-p=1' };
  const must = async (file: string, args: string[], cwd: string): Promise<void> => {
    const { code, output, error } = await run(file, args, { cwd, env });
    if (error) throw new Error(`${file} is missing: ${error.message}`);
    if (code !== 0) throw new Error(`${file} ${args.join(' ')}: ${output}`);
  };
  say(`fetching ${BINDINGS}`);
  await must('npm', ['install', '--prefix', '.', '--no-save', '--ignore-scripts', '--legacy-peer-deps', '--no-audit', '--no-fund', '--prefer-offline', BINDINGS], path.join(STAGE, 'npm'));
  const code = await readCode();
  const schema = await readSchema(path.join(STAGE, 'npm/node_modules/@cdktf/provider-google'), named(code, 'resource'), named(code, 'data'));
  if (!code.includes(`version = "${schema.version}"`)) throw new Error(`versions.tf pins another version than ${schema.version}, whose schema this is`);
  say(`building a provider of ${Object.keys(schema.resources).length} kinds of resources as google ${schema.version} has them`);
  await cp(path.join(import.meta.dirname, 'provider'), path.join(STAGE, 'provider'), { recursive: true });
  await writeFile(path.join(STAGE, 'provider/schema.json'), JSON.stringify(schema));
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}_${process.arch === 'x64' ? 'amd64' : process.arch}`;
  const built = path.join(STAGE, 'mirror/registry.terraform.io/hashicorp/google', schema.version, platform, `terraform-provider-google_v${schema.version}`);
  await must('go', ['build', '-o', built, '.'], path.join(STAGE, 'provider'));
  await writeFile(env.TF_CLI_CONFIG_FILE, `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(path.join(STAGE, 'mirror'))}\n  }\n}\ndisable_checkpoint = true\n`);
  const work = path.join(STAGE, 'work');
  await rm(work, { recursive: true, force: true });
  // Not .terraform: what a real provider left there is not for this one.
  await cp(path.join(ROOT, 'terraform'), work, { recursive: true, filter: (file) => !path.basename(file).startsWith('.terraform') });
  await must('terraform', ['init', '-backend=false', '-no-color'], work);
  return (args) => run('terraform', [...args, '-no-color'], { cwd: work, env });
}

async function readCode(): Promise<string> {
  const folder = path.join(ROOT, 'terraform');
  const files = (await readdir(folder)).filter((file) => file.endsWith('.tf'));
  return (await Promise.all(files.map((file) => readFile(path.join(folder, file), 'utf8')))).join('\n');
}

function named(code: string, kind: 'resource' | 'data'): string[] {
  return [...new Set([...code.matchAll(new RegExp(`^${kind} "(google_\\w+)"`, 'gm'))].map(([, name = '']) => name))].sort();
}

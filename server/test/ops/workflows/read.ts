import { glob, readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import { ROOT } from '../../../dev/places.ts';

type Step = { name?: string; uses?: string; run?: string; with?: Record<string, unknown>; env?: Record<string, string> };
type Job = { 'timeout-minutes'?: number; permissions?: Record<string, string>; container?: { image: string }; env?: Record<string, string>; steps: Step[] };
type Workflow = { permissions?: object; concurrency?: object; env?: Record<string, string>; jobs: Record<string, Job> };

/** A step that is a program: where it stands, what it runs, and the names of what it is given beside what every step has. */
export type Program = { at: string; run: string; given: string[] };

export type File = Workflow & { name: string; text: string };

export async function readWorkflows(): Promise<File[]> {
  const found = await Array.fromAsync(glob('.github/workflows/*.yml', { cwd: ROOT }));
  return Promise.all(found.sort().map(async (file) => {
    const text = await readFile(path.join(ROOT, file), 'utf8');
    return { ...(parse(text) as Workflow), name: path.basename(file, '.yml'), text };
  }));
}

export function jobsOf(workflows: readonly File[]): (Job & { at: string })[] {
  return workflows.flatMap(({ name, jobs }) => Object.entries(jobs).map(([job, one]) => ({ ...one, at: `${name}/${job}` })));
}

export function programsOf(workflows: readonly File[]): Program[] {
  return workflows.flatMap((workflow) => jobsOf([workflow]).flatMap(({ at, env, steps }) => steps.flatMap((step) => (step.run === undefined ? [] : [{
    at: `${at}: ${step.name ?? 'a step without a name'}`,
    run: step.run,
    given: Object.keys({ ...workflow.env, ...env, ...step.env }).filter((name) => step.run?.includes(name)),
  }]))));
}

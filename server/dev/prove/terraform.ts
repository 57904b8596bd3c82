import type { Asked, Result } from '../proofs.ts';
import { stage } from '../terraform/stage.ts';

/** Terraform's own validation and tests, on the schema of the pinned provider. What only Google can know is not tried. */
export async function prove({ say }: Asked): Promise<Result> {
  const terraform = await stage(say);
  const faults: string[] = [];
  let passed = 0;
  const ask = async (name: string, args: string[]): Promise<void> => {
    const { code, output } = await terraform(args);
    const [, count = '0'] = /(\d+) passed, \d+ failed/.exec(output) ?? [];
    passed += Number(count);
    say(`${name}: ${code === 0 ? `holds${args[0] === 'test' ? `, ${count} passed` : ''}` : output}`);
    if (code !== 0) faults.push(name);
  };
  await ask('format', ['fmt', '-check', '-recursive']);
  await ask('validate', ['validate']);
  await ask('test', ['test']);
  for (const environment of ['dev', 'staging', 'prod']) await ask(environment, ['test', '-test-directory=tests/environment', `-var-file=env/${environment}.tfvars`]);
  return { ok: faults.length === 0, count: passed, figure: faults.length === 0 ? `formatted, valid, ${passed} runs of its tests hold` : `does not hold: ${faults.join(', ')}` };
}

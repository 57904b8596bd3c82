import path from 'node:path';
import { run } from '../../run.ts';

/** Buildah with a storage of its own, in chroots and plain folders: no daemon, no other runtime, nothing of the machine's images. */
export type Buildah = (...args: string[]) => Promise<string>;

export function openBuildah(scratch: string): Buildah {
  const storage = ['--storage-driver', 'vfs', '--root', path.join(scratch, 'storage'), '--runroot', path.join(scratch, 'run')];
  const env = { ...process.env, BUILDAH_ISOLATION: 'chroot', TMPDIR: scratch };
  return async (...args) => {
    const { code, output, error } = await run('buildah', [...storage, ...args], { cwd: scratch, env });
    if (code !== 0) throw new Error(`buildah ${args[0]}: ${output.trim().split('\n').slice(-20).join('\n') || error?.message}`);
    return output.trim();
  };
}

/** What an image says of itself, in Docker's form: that of OCI has no place for a health check. */
export type ImageConfig = {
  User: string;
  Env: string[];
  Entrypoint: string[];
  Cmd: string[] | null;
  WorkingDir: string;
  Healthcheck?: { Test: string[] };
  Labels: Record<string, string>;
};

export async function configOf(buildah: Buildah, image: string): Promise<ImageConfig> {
  const { Docker } = JSON.parse(await buildah('inspect', '--type', 'image', image));
  return Docker.config;
}

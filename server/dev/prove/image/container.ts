import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { Service } from '../../compose.ts';
import { kill } from '../fresh/processes.ts';
import type { ImageConfig } from './buildah.ts';

/** An image that lies unpacked in a folder, and the names its network knows. */
export type Unpacked = { root: string; hosts: string; config: ImageConfig };
export type Container = { ended: Promise<{ code: number | null; said: string }>; said(): string; signal(signal: NodeJS.Signals): Promise<void> };

/**
 * What an engine does with such a service, by the kernel's own means: mounts and processes of its own, the root read-only,
 * the user a number, capabilities and the way to more of them as the service says. The command is the first process.
 * Not done: seccomp, and limits of memory and processes.
 */
const ENTER = `
root=$1 hosts=$2 user=$3 dir=$4 readonly=$5 tmpfs=$6 rights=$7; shift 7
mount --bind "$root" "$root"
[ "$readonly" = rw ] || mount -o remount,bind,ro "$root"
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=755,size=64k tmpfs "$root/dev"
for device in null zero random urandom; do : >"$root/dev/$device"; mount --bind "/dev/$device" "$root/dev/$device"; done
mount --bind "$hosts" "$root/etc/hosts"
for place in $tmpfs; do mount -t tmpfs -o nosuid,nodev,noexec,mode=1777 tmpfs "$root$place"; done
exec chroot "$root" setpriv --reuid="\${user%:*}" --regid="\${user#*:}" --clear-groups $rights env -C "$dir" "$@"
`;

/** Starts a service as it is written, or another command in its place. */
export function start({ root, hosts, config }: Unpacked, service: Service, command = [...(service.entrypoint ?? config.Entrypoint), ...(service.command ?? config.Cmd ?? [])]): Container {
  const env = { ...Object.fromEntries(config.Env.map((line) => line.split(/=(.*)/s))), ...service.environment };
  const place = [root, hosts, config.User, config.WorkingDir, service.read_only ? 'ro' : 'rw', (service.tmpfs ?? []).join(' '), rightsOf(service)];
  const child = spawn('unshare', ['--mount', '--pid', '--fork', '--kill-child', 'sh', '-euc', ENTER, 'sh', ...place, ...command], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const pipe of [child.stdout, child.stderr]) pipe.setEncoding('utf8').on('data', (text: string) => { said += text; });
  return {
    said: () => said,
    ended: new Promise((settle, fail) => child.once('error', fail).once('close', (code) => settle({ code, said }))),
    async signal(signal) {
      for (;;) {
        // unshare only waits; what it waits for is the first process inside.
        const [first] = (await readFile(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8')).split(' ');
        if (first) return kill(Number(first), signal);
        await pause(10);
      }
    },
  };
}

function rightsOf({ cap_drop = [], security_opt = [] }: Service): string {
  return [cap_drop.includes('ALL') ? '--inh-caps=-all --bounding-set=-all' : '', security_opt.includes('no-new-privileges:true') ? '--no-new-privs' : ''].join(' ');
}

/** Whether the container is well, asked in the words of its image: 0 says yes, 1 no, and anything else is a check that does not run. */
export async function checkHealth(image: Unpacked, service: Service): Promise<boolean> {
  const [kind, ...command] = image.config.Healthcheck?.Test ?? [];
  if (kind !== 'CMD') throw new Error('The image names no program that checks its health.');
  const { code, said } = await start(image, service, command).ended;
  if (code !== 0 && code !== 1) throw new Error(`The health check ended with ${code}: ${said}`);
  return code === 0;
}

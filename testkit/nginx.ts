import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort } from './freePort.ts'
import { temporaryFolder } from './harness.ts'

const program = '/usr/sbin/nginx' // as Debian installs it

export const hasNginx = spawnSync(program, ['-v']).status === 0

/**
 * A real nginx between clients and the coordinator.
 * @param target the coordinator's URL
 * @param directives besides `proxy_pass`, for its one location; none: nginx as it is without a word about streams
 */
export async function startNginx(target: string, directives = ''): Promise<AsyncDisposable & { readonly url: string }> {
  await using opened = new AsyncDisposableStack()
  const { path } = opened.use(await temporaryFolder())
  const port = await freePort()
  const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${path}/${kind};`,
  )
  const configuration = `
    ${process.getuid?.() === 0 ? 'user root; # whose folder this is' : ''}
    daemon off; pid ${path}/pid; error_log ${path}/error.log;
    events {}
    http {
      access_log off;
      ${folders.join(' ')}
      server { listen 127.0.0.1:${port}; location / { proxy_pass ${target}; ${directives} } }
    }`
  await writeFile(join(path, 'nginx.conf'), configuration)
  const child = spawn(program, ['-p', path, '-c', join(path, 'nginx.conf')], { stdio: 'ignore' })
  opened.defer(async () => {
    if (child.exitCode !== null) return
    const gone = once(child, 'exit')
    child.kill()
    await gone
  })
  const url = `http://127.0.0.1:${port}`
  while ((await fetch(`${url}/healthz`).catch(() => undefined))?.status !== 200) {
    if (child.exitCode !== null) throw new Error('nginx did not start')
  }
  const kept = opened.move()
  return { url, [Symbol.asyncDispose]: () => kept.disposeAsync() }
}

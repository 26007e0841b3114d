/** CoreDNS with a plugin list of our own, which its documentation asks its builders for (coredns.io/2017/07/25). */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { versions } from '../versions.ts'
import { download } from './go-build.ts'
import type { Context } from './product.ts'

export const MODULE = 'github.com/coredns/coredns'

/** Plugins that ask what no lab can reach: three clouds and a tracer. They bring a quarter of all packages, and 40% of the compiler's time. */
export const LEFT_OUT = ['azure', 'clouddns', 'route53', 'trace']

/** Writes the program `coredns/main.go`: upstream's, which imports each plugin, without those. */
export async function prepareCoredns(folder: string, context: Context): Promise<void> {
  const upstream = await download(context, MODULE, versions.coredns)
  await mkdir(join(folder, 'coredns'))
  await writeFile(join(folder, 'coredns', 'main.go'), programOf(await readFile(join(upstream, 'core/plugin/zplugin.go'), 'utf8')))
}

/** @param list upstream's core/plugin/zplugin.go. @throws Error when a plugin is not in it: it may have another name now */
export function programOf(list: string): string {
  const imports = [...list.matchAll(/^\s*(_ "\S+")$/gm)].map(([, one]) => one!)
  const isLeftOut = (one: string): boolean => LEFT_OUT.some(name => one === `_ "${MODULE}/plugin/${name}"`)
  const left = imports.filter(isLeftOut).length
  if (left !== LEFT_OUT.length) throw new Error(`CoreDNS ${versions.coredns}: its list has ${left} of the plugins ${LEFT_OUT.join(', ')}; look at core/plugin/zplugin.go`)
  return ['package main', '', 'import (', ...imports.filter(one => !isLeftOut(one)), `"${MODULE}/coremain"`, ')', '', 'func main() { coremain.Run() }', ''].join('\n')
}

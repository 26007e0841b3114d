/** kind's own files for a node (its images/base and manifests), from its Go module, with our changes to them. */
import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { versions } from '../versions.ts'
import { asset } from './assets.ts'
import type { Entry } from './tar.ts'
import { names } from './workload-images.ts'

type Edit = readonly [file: string, find: RegExp, put: string]

/** Each with its reason; an edit that no longer finds its place stops the build. */
const edits: readonly Edit[] = [
  // kubelet 1.35 and later refuse cgroup v1 unless told otherwise; on v2 the flag has no effect
  ['etc/default/kubelet', /--runtime-cgroups=\S+/, '$& --fail-cgroupv1=false'],
  // the same pause as kubeadm's, else two of them are needed
  ['etc/containerd/config.toml', /sandbox_image = .*/, `sandbox_image = "registry.k8s.io/pause:${versions.pause}"`],
  // without CAP_SYS_RESOURCE nobody may lower a score: containerd then asks for what it may have
  ['etc/containerd/config.toml', /restrict_oom_score_adj = false/, 'restrict_oom_score_adj = true'],
  // and runc gets no capability that the node lacks (assets/runc-capfit.sh)
  ['etc/containerd/config.toml', /^( *)SystemdCgroup = true$/gm, '$&\n$1BinaryName = "/usr/local/sbin/runc-capfit"'],
  // Docker Desktop answers at once; in a closed lab nobody does, and the node's start would wait for all of 5 s
  ['usr/local/bin/entrypoint', /timeout 5 (getent ahostsv4 'host\.docker\.internal')/, 'timeout 0.5 $1'],
]

export const kindRecipe = [edits.map(([file, find, put]) => [file, find.source, put]), asset('runc-capfit.sh')]

/** @param kind folder of the module sigs.k8s.io/kind */
export async function kindFiles(kind: string): Promise<Entry[]> {
  const base = join(kind, 'images', 'base', 'files')
  const entries: Entry[] = []
  for (const found of await readdir(base, { recursive: true, withFileTypes: true })) {
    if (!found.isFile()) continue
    const file = join(found.parentPath, found.name)
    const path = relative(base, file)
    const mode = /^(usr\/local\/bin|kind\/bin)\//.test(path) ? 0o755 : 0o644
    entries.push({ path, mode, text: edited(path, await readFile(file, 'utf8')) })
  }
  for (const [path] of edits) {
    if (!entries.some((entry) => entry.path === path)) throw new Error(`kind ${versions.kind} has no ${path}: expected it in ${base}`)
  }
  return [
    ...entries,
    { path: 'usr/local/sbin/runc-capfit', mode: 0o755, text: asset('runc-capfit.sh').replace('@RUNC@', '/usr/local/sbin/runc') },
    { path: 'kind/manifests/default-storage.yaml', text: await storageManifest(kind) },
    { path: 'kind/version', text: versions.kubernetes },
    // what `systemctl enable` and `systemctl mask` write
    ...['kubelet', 'containerd', 'undo-mount-hacks'].map((unit) => enabled(unit, `/etc/systemd/system/${unit}.service`)),
    enabled('ssh', '/lib/systemd/system/ssh.service'),
    // it registers formats in the machine's own kernel
    { path: 'etc/systemd/system/systemd-binfmt.service', link: '/dev/null' },
  ]
}

const enabled = (unit: string, file: string): Entry =>
  ({ path: `etc/systemd/system/multi-user.target.wants/${unit}.service`, link: file })

export function edited(path: string, text: string): string {
  return edits.filter(([file]) => file === path).reduce((done, [, find, put]) => {
    if (done.search(find) < 0) throw new Error(`kind ${versions.kind}: ${path} has no ${find.source}: look at src/lab/images/kind-files.ts`)
    return done.replace(find, put)
  }, text)
}

/** The manifest is a Go string in kind's source, with the names of two images spliced in. */
async function storageManifest(kind: string): Promise<string> {
  const source = await readFile(join(kind, 'pkg', 'build', 'nodeimage', 'const_storage.go'), 'utf8')
  const text = /const defaultStorageManifest = `([\s\S]*)`\s*$/.exec(source)?.[1]
    ?.replaceAll('` + storageProvisionerImage + `', names.localPath)
    .replaceAll('` + storageHelperImage + `', names.helper)
  if (text === undefined || text.includes('`')) throw new Error(`kind ${versions.kind}: const_storage.go has another form than expected`)
  return text
}

/** Flannel's own manifest as kind's default CNI: the first line makes kind fill in the pods' network. */
export function cniManifest(flannel: string): string {
  const text = flannel
    .replace('"Network": "10.244.0.0/16"', '"Network": "{{ .PodSubnet }}"')
    .replace(/image: ghcr\.io\/flannel-io\/flannel-cni-plugin:\S+/, `image: ${names.flannelCni}`)
  if (!text.includes('{{ .PodSubnet }}') || !text.includes(names.flannelCni)) {
    throw new Error(`flannel ${versions.flannel}: kube-flannel.yml has another form than expected`)
  }
  return `# would you kindly template this file\n${text}`
}

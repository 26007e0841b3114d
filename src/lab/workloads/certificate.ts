/** A certificate for app.lan from an authority of this lab's own. */
import { exec } from '../hosts/docker.ts'

export interface AppCertificate {
  /** PEM each. */
  readonly authority: string
  readonly certificate: string
  readonly key: string
}

/** The host name under which clients know the application. */
export const APP = 'app.lan'

/** Key usages and identifiers are spelt out: strict verifiers (Python 3.13, for one) refuse an authority without. */
const SCRIPT = `cd "$(mktemp -d)"
new="openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
$new -x509 -days 30 -subj "/CN=Proofbook lab CA" -keyout ca.key -out ca.crt \\
  -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign 2>/dev/null
$new -subj "/CN=$1" -keyout app.key -out app.csr 2>/dev/null
printf 'subjectAltName=DNS:%s\\nbasicConstraints=critical,CA:FALSE\\nkeyUsage=critical,digitalSignature\\nextendedKeyUsage=serverAuth\\nauthorityKeyIdentifier=keyid\\n' "$1" > ext
openssl x509 -req -in app.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 30 -extfile ext -out app.crt 2>/dev/null
cat ca.crt; echo @@; cat app.crt; echo @@; cat app.key
rm -r "$PWD"`

/** Made by openssl in a host of the lab. The authority's own key is not kept. */
export async function makeCertificate(container: string): Promise<AppCertificate> {
  const [authority = '', certificate = '', key = ''] = (await exec(container, ['sh', '-ec', SCRIPT, 'certificate', APP])).split('@@\n')
  return { authority, certificate, key }
}

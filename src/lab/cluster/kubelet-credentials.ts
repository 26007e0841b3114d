/**
 * The kubelet of a server that joins asks its own API server for its certificate (kubeadm of Kubernetes 1.36), from before
 * that runs, and waits twice as long after each refusal, up to 32 s (certificate_manager.go of client-go 0.36): for 9 to
 * 25 s in which nothing else is to be done. Started anew when there is somebody to ask, it has its certificate at once.
 */
import { exec } from '../hosts/docker.ts'

/** Milliseconds after which kubeadm is left to itself. */
const PATIENCE = 120_000

/** Ends by itself when the kubelet got there alone, and when kubeadm gave up. */
const ASK_AGAIN = `certificate=/var/lib/kubelet/pki/kubelet-client-current.pem
for _ in {1..50}; do ! pgrep -x kubeadm >/dev/null || break; sleep 0.2; done
while pgrep -x kubeadm >/dev/null && [ ! -e "$certificate" ]; do
  if curl --silent --fail --insecure --max-time 2 --output /dev/null https://127.0.0.1:6443/readyz; then
    [ -e "$certificate" ] || systemctl restart kubelet
    break
  fi
  sleep 0.2
done`

/**
 * @param container of a server that kubeadm has join, or will
 * @throws CommandFailed when the container ends
 */
export async function credentialsAtOnce(container: string, signal: AbortSignal): Promise<void> {
  await exec(container, ['bash', '-c', ASK_AGAIN], { signal, timeout: PATIENCE })
}

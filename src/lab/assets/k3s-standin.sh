#!/bin/bash
# A stand-in for k3s where its image cannot be had: upstream Kubernetes, set up by kubeadm, behind the part of k3s's
# command line, file layout and log lines that k3d relies on (k3d v5.9.0, pkg/types/k3slogs.go and pkg/client). It is
# not k3s: one server keeps its state in etcd, NetworkPolicies are not enforced, and most add-ons are missing.
#
#   k3s server|agent [FLAGS]      kubectl, ctr and crictl are links to this file, as in k3s's own image
set -euo pipefail

readonly VERSION='@KUBERNETES@'
readonly SHARE=/usr/local/share/k3s-standin
readonly DATA=/var/lib/rancher/k3s
readonly CNI_CONF=$DATA/agent/etc/cni/net.d CNI_BIN=$DATA/data/cni MANIFESTS=$DATA/server/manifests
readonly ADMIN=/etc/rancher/k3s/k3s.yaml
readonly SOCKET=/run/k3s/containerd/containerd.sock
# There when this node has joined once: later starts find everything on disk.
readonly JOINED=$DATA/.joined
# In the image and not in a volume, since Docker copies what an image has at the place of a volume for each container.
readonly IMAGES=/var/lib/containerd

export CONTAINERD_ADDRESS=$SOCKET CONTAINERD_NAMESPACE=k8s.io

log() { printf 'time="%s" level=info msg="%s"\n' "$(date -u +%FT%TZ)" "$*"; }
die() {
  printf 'time="%s" level=fatal msg="%s"\n' "$(date -u +%FT%TZ)" "$*" >&2
  exit 1
}

main() {
  local name=${0##*/}
  if [ "$name" = k3s ]; then
    name=${1:-}
    shift || true
  fi
  case $name in
    kubectl) KUBECONFIG=${KUBECONFIG:-$ADMIN} exec /usr/bin/kubectl "$@" ;;
    ctr) exec /usr/local/bin/ctr "$@" ;;
    crictl) exec /usr/local/bin/crictl --runtime-endpoint "unix://$SOCKET" "$@" ;;
    --version) echo "k3s version $VERSION+standin (upstream Kubernetes behind a stand-in, not k3s)" ;;
    server | agent) role=$name; read_flags "$@"; run_node ;;
    *) die "the stand-in has no command '$name'" ;;
  esac
}

# --- What was asked for ----------------------------------------------------------------------------------------------

token=${K3S_TOKEN:-} url=${K3S_URL:-} flannel=vxlan pod_cidr=10.42.0.0/16 service_cidr=10.43.0.0/16
kube_proxy=true clustered=false disabled=,
sans=() labels=() taints=() kubelet_args=() apiserver_args=()

# Those flags that k3d passes by itself, and those that a lab needs; any other is refused, as k3s refuses what it has not.
read_flags() {
  local flag value
  while [ $# -gt 0 ]; do
    flag=$1
    shift
    case $flag in
      --cluster-init | --disable-network-policy | --disable-helm-controller | --disable-kube-proxy) value=true ;;
      --*=*) value=${flag#*=} flag=${flag%%=*} ;;
      *)
        [ $# -gt 0 ] || die "flag provided but not defined or without a value: $flag"
        value=$1
        shift
        ;;
    esac
    case $flag in
      --server) url=$value ;;
      --token) token=$value ;;
      --tls-san) [ -z "$value" ] || sans+=("$value") ;;
      --node-label) labels+=("$value") ;;
      --node-taint) taints+=("$value") ;;
      --disable) disabled+=$value, ;;
      --flannel-backend) flannel=$value ;;
      --cluster-cidr) pod_cidr=$value ;;
      --service-cidr) service_cidr=$value ;;
      --kubelet-arg) kubelet_args+=("$value") ;;
      --kube-apiserver-arg) apiserver_args+=("$value") ;;
      --disable-kube-proxy) kube_proxy=false ;;
      --cluster-init) clustered=true ;;
      # what they switch off does not exist here
      --disable-network-policy | --disable-helm-controller) ;;
      *) die "flag provided but not defined: $flag" ;;
    esac
  done
  [ "$flannel" = vxlan ] || [ "$flannel" = none ] || die "the stand-in knows the flannel backends vxlan and none, not '$flannel'"
  [ -n "$token" ] || die '--token is required'
  [ "$role" = server ] || [ -n "$url" ] || die '--server is required'
  [ -z "$url" ] || clustered=true
}

is_disabled() { [[ $disabled == *,"$1",* ]]; }

# --- What kubeadm is told, as JSON -----------------------------------------------------------------------------------

json_list() { if [ $# = 0 ]; then echo '[]'; else printf '%s\n' "$@" | jq --raw-input --null-input --compact-output '[inputs]'; fi; }

# The address by which Docker's network knows this node; a lab adds a second interface later.
own_address() {
  local nic
  nic=$(ip -4 -json route show default | jq --raw-output '.[0].dev')
  ip -4 -json address show dev "$nic" scope global | jq --raw-output '.[0].addr_info[0].local'
}

registration() {
  jq --null-input --arg name "$HOSTNAME" --arg address "$address" --arg socket "unix://$SOCKET" \
    --argjson labels "$(json_list "${labels[@]}")" --argjson taints "$(json_list "${taints[@]}")" \
    --argjson kubelet "$(json_list "${kubelet_args[@]}")" '{
      name: $name, criSocket: $socket, ignorePreflightErrors: ["all"],
      taints: [$taints[] | capture("^(?<key>[^=:]+)(=(?<value>[^:]*))?:(?<effect>.+)$") | .value //= ""],
      kubeletExtraArgs: ([{name: "node-ip", value: $address}]
        + (if $labels == [] then [] else [{name: "node-labels", value: ($labels | join(","))}] end)
        + [$kubelet[] | capture("^(?<name>[^=]+)=(?<value>.*)$")])
    }'
}

# The bootstrap token and the key of the certificates come from k3s's token, so that every node knows them.
init_documents() {
  jq --null-input --argjson registration "$(registration)" --arg address "$address" --arg bootstrap "$bootstrap" --arg key "$key" '{
    apiVersion: "kubeadm.k8s.io/v1beta4", kind: "InitConfiguration",
    bootstrapTokens: [{token: $bootstrap, ttl: "0s"}], certificateKey: $key,
    localAPIEndpoint: {advertiseAddress: $address, bindPort: 6443}, nodeRegistration: $registration
  }'
  echo ---
  jq --null-input --arg name "$HOSTNAME" --arg version "$VERSION" --arg pods "$pod_cidr" --arg services "$service_cidr" \
    --arg etcd "$DATA/server/db/etcd" --argjson sans "$(json_list "${sans[@]}")" --argjson api "$(json_list "${apiserver_args[@]}")" '{
      apiVersion: "kubeadm.k8s.io/v1beta4", kind: "ClusterConfiguration",
      kubernetesVersion: $version, controlPlaneEndpoint: "\($name):6443",
      networking: {podSubnet: $pods, serviceSubnet: $services},
      apiServer: {
        certSANs: (["127.0.0.1", "localhost", $name] + $sans | unique),
        extraArgs: [$api[] | capture("^(?<name>[^=]+)=(?<value>.*)$")]
      },
      etcd: {local: {dataDir: $etcd}}
    }'
  echo ---
  # thresholds as k3s sets them; nothing but containerd sets limits of its own here, so cgroupfs and not systemd
  jq --null-input --arg dns "${service_cidr%.*}.10" '{
    apiVersion: "kubelet.config.k8s.io/v1beta1", kind: "KubeletConfiguration",
    cgroupDriver: "cgroupfs", failCgroupV1: false, failSwapOn: false, clusterDNS: [$dns],
    evictionHard: {"imagefs.available": "5%", "nodefs.available": "5%"},
    evictionMinimumReclaim: {"imagefs.available": "10%", "nodefs.available": "10%"}
  }'
  echo ---
  # sizes of the machine's connection table are not for a node to set
  jq --null-input '{apiVersion: "kubeproxy.config.k8s.io/v1alpha1", kind: "KubeProxyConfiguration", conntrack: {maxPerCore: 0}}'
}

# The server's certificate is not verified, as with a short k3s token.
join_document() {
  jq --null-input --argjson registration "$(registration)" --arg address "$address" --arg bootstrap "$bootstrap" --arg key "$key" \
    --arg endpoint "${url#https://}" --arg role "$role" '{
      apiVersion: "kubeadm.k8s.io/v1beta4", kind: "JoinConfiguration",
      discovery: {bootstrapToken: {token: $bootstrap, apiServerEndpoint: $endpoint, unsafeSkipCAVerification: true}},
      nodeRegistration: $registration
    } + if $role == "agent" then {} else
      {controlPlane: {localAPIEndpoint: {advertiseAddress: $address, bindPort: 6443}, certificateKey: $key}}
    end'
}

# --- A node's life ---------------------------------------------------------------------------------------------------

run_node() {
  local digest
  digest=$(printf %s "$token" | sha256sum | cut -c1-64)
  readonly key=$digest bootstrap=${digest:0:6}.${digest:6:16}
  address=$(own_address)
  trap shut_down TERM INT
  prepare
  start_containerd
  keep_kubelet &
  if [ "$role" = server ]; then run_server; else run_agent; fi
  touch "$JOINED"
  wait
}

shut_down() {
  log 'Shutting down'
  # shellcheck disable=SC2046
  kill $(jobs -p) 2>/dev/null || true
  exit 0
}

prepare() {
  mkdir -p "$CNI_CONF" "$CNI_BIN" "$MANIFESTS" "$DATA/server/applied" "$DATA/agent/containerd" /run/k3s/containerd \
    /etc/rancher/k3s /etc/kubernetes
  ln -sf -t "$CNI_BIN" /opt/cni/bin/*
  sysctl -qw net.ipv4.ip_forward=1
  [ -e /dev/kmsg ] || ln -s /dev/console /dev/kmsg
}

start_containerd() {
  containerd --config "$SHARE/containerd.toml" --address "$SOCKET" --root "$IMAGES" --state /run/k3s/containerd \
    > "$DATA/agent/containerd/containerd.log" 2>&1 &
  until ctr version > /dev/null 2>&1; do
    kill -0 $! 2>/dev/null || die "containerd ended: $(tail -n 1 "$DATA/agent/containerd/containerd.log")"
    sleep 0.2
  done
  log 'Containerd is now running'
}

# kubeadm writes the kubelet's files and expects that somebody starts it then, and again whenever it ends.
keep_kubelet() {
  # shellcheck disable=SC2064
  trap 'kill $(jobs -p) 2>/dev/null; exit' TERM
  while :; do
    if [ -f /var/lib/kubelet/config.yaml ] && [ -f /var/lib/kubelet/kubeadm-flags.env ]; then
      # shellcheck disable=SC1091
      . /var/lib/kubelet/kubeadm-flags.env
      # shellcheck disable=SC2086
      kubelet --bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf --kubeconfig=/etc/kubernetes/kubelet.conf \
        --config=/var/lib/kubelet/config.yaml ${KUBELET_KUBEADM_ARGS:-} >> "$DATA/agent/kubelet.log" 2>&1 &
      wait $! || true
    fi
    sleep 0.2
  done
}

run_kubeadm() {
  kubeadm "$@" --config /etc/kubernetes/k3s-standin.json > "$DATA/kubeadm.log" 2>&1 && return
  tail -n 20 "$DATA/kubeadm.log" >&2
  die "kubeadm $1 failed"
}

join_cluster() {
  # an agent needs an API that answers; a server, the certificates that the first one uploads at the end of its start
  local path=/livez
  [ "$role" = agent ] || path=/api/v1/namespaces/kube-system/secrets/kubeadm-certs
  until curl -fsSk -o /dev/null -m 5 -H "Authorization: Bearer $bootstrap" "$url$path" 2>/dev/null; do sleep 0.5; done
  join_document > /etc/kubernetes/k3s-standin.json
  run_kubeadm join
}

run_agent() {
  if [ ! -e "$JOINED" ]; then join_cluster; fi
  log "Successfully registered node $HOSTNAME"
}

run_server() {
  if [ ! -e "$JOINED" ] && [ -n "$url" ]; then
    join_cluster
  elif [ ! -e "$JOINED" ]; then
    init_documents > /etc/kubernetes/k3s-standin.json
    local skipped=addon/coredns,show-join-command
    [ "$kube_proxy" = true ] || skipped+=,addon/kube-proxy
    run_kubeadm init --upload-certs --skip-phases="$skipped"
  fi
  log 'Running kube-apiserver'
  write_kubeconfig
  until kubectl get --raw /readyz > /dev/null 2>&1; do sleep 0.3; done
  local roles=(node-role.kubernetes.io/control-plane=true)
  # one server alone has no etcd to k3s, though this one does
  [ "$clustered" = false ] || roles+=(node-role.kubernetes.io/etcd=true)
  kubectl label --overwrite node "$HOSTNAME" "${roles[@]}" > /dev/null
  if [ ! -e "$JOINED" ]; then write_manifests; fi
  deploy_manifests &
  log 'Cluster dns configmap has been set successfully'
  log 'k3s is up and running'
}

# --- Files that others look for --------------------------------------------------------------------------------------

write_kubeconfig() {
  /usr/bin/kubectl --kubeconfig /etc/kubernetes/admin.conf config view --raw --output json | jq '
    .clusters[0].name = "default" | .clusters[0].cluster.server = "https://127.0.0.1:6443" | .users[0].name = "default"
    | .contexts = [{name: "default", context: {cluster: "default", user: "default"}}] | ."current-context" = "default"
  ' | install -m 600 /dev/stdin "$ADMIN"
  [ -z "${K3S_KUBECONFIG_OUTPUT:-}" ] || install -D -m 600 "$ADMIN" "$K3S_KUBECONFIG_OUTPUT"
  export KUBECONFIG=$ADMIN
}

# Every server has them, though k3d rewrites coredns.yaml on one only.
write_manifests() {
  if ! is_disabled coredns; then coredns_manifest > "$MANIFESTS/coredns.yaml"; fi
  if ! is_disabled local-storage; then cp "$SHARE/local-storage.yaml" "$MANIFESTS/"; fi
  if [ "$flannel" != none ]; then sed "s#@POD_CIDR@#$pod_cidr#" "$SHARE/flannel.yaml" > "$MANIFESTS/flannel.yaml"; fi
}

# kubeadm's CoreDNS with k3s's NodeHosts, into which k3d writes the names of containers.
coredns_manifest() {
  local hosts='hosts /etc/coredns/NodeHosts {\n\1   ttl 60\n\1   reload 15s\n\1   fallthrough\n\1}'
  # a server that joins has no document of the whole cluster
  init_documents > /etc/kubernetes/k3s-standin-cluster.json
  kubeadm init phase addon coredns --print-manifest --config /etc/kubernetes/k3s-standin-cluster.json 2>> "$DATA/kubeadm.log" | sed \
    -e "s#^\( *\)prometheus :9153#\1$hosts\n&#" \
    -e 's#^data:#data:\n  NodeHosts: ""#' \
    -e 's#^\( *\)- key: Corefile#\1- {key: NodeHosts, path: NodeHosts}\n&#' \
    -e 's#replicas: 2#replicas: 1#' -e '/resourceVersion/d'
}

# k3s's deploy controller: a manifest is applied when it is new or has changed.
deploy_manifests() {
  local manifest sum applied
  while :; do
    for manifest in "$MANIFESTS"/*.yaml; do
      [ -f "$manifest" ] || continue
      applied=$DATA/server/applied/${manifest##*/}
      sum=$(sha256sum < "$manifest")
      [ "$sum" != "$(cat "$applied" 2>/dev/null)" ] || continue
      if kubectl apply -f "$manifest" >> "$DATA/deploy.log" 2>&1; then echo "$sum" > "$applied"; fi
    done
    sleep 1
  done
}

main "$@"

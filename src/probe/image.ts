/**
 * The image of every probe's pods: Kubernetes' own tool for testing networks. The tag is the one that its e2e tests
 * of v1.36.4 use (test/utils/image/manifest.go); clusters with a way out pull it from there.
 */
export const AGNHOST = 'registry.k8s.io/e2e-test-images/agnhost:2.63.0'

// Package ecs takes the place of Traefik's provider of that name, since Traefik's settings refer to its type: without
// Amazon's SDK, which it would ask with. Whoever turns it on is told so.
package ecs

import (
	"errors"

	"github.com/traefik/traefik/v3/pkg/config/dynamic"
	"github.com/traefik/traefik/v3/pkg/provider"
	"github.com/traefik/traefik/v3/pkg/safe"
)

var _ provider.Provider = (*Provider)(nil)

// Provider has none of upstream's settings.
type Provider struct{}

// Init fails: Traefik then goes on without this provider, and says why.
func (p *Provider) Init() error {
	return errors.New("this build of Traefik has no provider for Amazon ECS")
}

// Provide gives no configuration.
func (p *Provider) Provide(_ chan<- dynamic.Message, _ *safe.Pool) error {
	return p.Init()
}

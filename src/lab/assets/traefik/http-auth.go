package auth

// The two functions of Traefik's fork of this package that abbot/go-http-auth v0.4.0 lacks.

import (
	"net/http"
	"strings"
)

// CheckSecret tells whether password matches secret, which may be in any format that basic authentication knows.
// As in the package's own check, an unknown prefix means the last resort, the first entry.
func CheckSecret(password, secret string) bool {
	matches := compareFuncs[0].compare
	for _, known := range compareFuncs[1:] {
		if strings.HasPrefix(secret, known.prefix) {
			matches = known.compare
			break
		}
	}
	return matches([]byte(secret), []byte(password)) == nil
}

// RequireAuthStale answers a request whose nonce is too old. The fork also says "stale=true", which spares the user a
// password prompt; this is an ordinary 401.
func (a *DigestAuth) RequireAuthStale(w http.ResponseWriter, r *http.Request) {
	a.RequireAuth(w, r)
}

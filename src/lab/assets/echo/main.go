// Command echo tells, in plain text lines, how a request arrived: which host and node answered, from which address,
// by which protocol and with which headers. Labs put it behind ingress controllers and load balancers.
//
//	GET /any/path           the lines described above
//	GET /slow?seconds=N     one line every 100 ms for N seconds (at most 60), then "done": a long download
//
// PORT (8080) is the port, NODE_NAME the name of the Kubernetes node.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"os/signal"
	"sort"
	"strconv"
	"syscall"
	"time"
)

const (
	interval   = 100 * time.Millisecond
	maxSeconds = 60
)

func main() {
	server := &http.Server{Addr: ":" + env("PORT", "8080"), Handler: handler(), ReadHeaderTimeout: 10 * time.Second}
	stop, release := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer release()
	go func() {
		<-stop.Done()
		// requests in flight may end: a rollout must not cut what it need not cut
		grace, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		_ = server.Shutdown(grace)
	}()
	log.Printf("listening on %s", server.Addr)
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		log.Fatal(err)
	}
}

func handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/slow", slow)
	mux.HandleFunc("/", echo)
	return mux
}

func echo(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	host, _ := os.Hostname()
	fmt.Fprintf(w, "hostname: %s\n", host)
	fmt.Fprintf(w, "node: %s\n", env("NODE_NAME", "-"))
	fmt.Fprintf(w, "client: %s\n", r.RemoteAddr)
	fmt.Fprintf(w, "protocol: %s\n", r.Proto)
	fmt.Fprintf(w, "tls: %s\n", tls(r))
	fmt.Fprintf(w, "method: %s\n", r.Method)
	fmt.Fprintf(w, "host: %s\n", r.Host)
	fmt.Fprintf(w, "path: %s\n", r.URL.RequestURI())
	names := make([]string, 0, len(r.Header))
	for name := range r.Header {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		for _, value := range r.Header[name] {
			fmt.Fprintf(w, "header %s: %s\n", name, value)
		}
	}
}

// tls tells who ended TLS: this server, a proxy before it (by its own word), or nobody.
func tls(r *http.Request) string {
	switch {
	case r.TLS != nil:
		return "yes"
	case r.Header.Get("X-Forwarded-Proto") == "https":
		return "at the proxy"
	default:
		return "no"
	}
}

func slow(w http.ResponseWriter, r *http.Request) {
	seconds, err := strconv.Atoi(r.URL.Query().Get("seconds"))
	if err != nil || seconds < 1 || seconds > maxSeconds {
		http.Error(w, fmt.Sprintf("seconds: expected 1 to %d, received %q", maxSeconds, r.URL.Query().Get("seconds")), http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	host, _ := os.Hostname()
	ticks := seconds * int(time.Second/interval)
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for tick := 1; tick <= ticks; tick++ {
		fmt.Fprintf(w, "%s %d of %d\n", host, tick, ticks)
		_ = http.NewResponseController(w).Flush()
		select {
		case <-ticker.C:
		case <-r.Context().Done():
			return
		}
	}
	_, _ = io.WriteString(w, "done\n")
}

func env(name, fallback string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return fallback
}

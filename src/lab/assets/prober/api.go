package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// api asks the servers of API, separated by commas, one after the other, below the prober's namespace.
func api(method, path, body string) func(ctx context.Context) ([]byte, error) {
	account := env("ACCOUNT")
	ca, err := os.ReadFile(filepath.Join(account, "ca.crt"))
	if err != nil {
		log.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(ca)
	// kubeadm and k3s put this name into every certificate, and not every address of a server. HTTP/1.1, since a
	// connection of HTTP/2 that is cut without a word is used for minutes.
	client := http.Client{Transport: &http.Transport{
		DialContext:     dialer.DialContext,
		TLSClientConfig: &tls.Config{RootCAs: roots, ServerName: "kubernetes"},
	}}
	server := inTurn(strings.Split(env("API"), ","))
	return func(ctx context.Context) ([]byte, error) {
		// Read each time: the kubelet writes a new one before the old one ends.
		token, err := os.ReadFile(filepath.Join(account, "token"))
		if err != nil {
			return nil, err
		}
		text := strings.ReplaceAll(body, "NOW", time.Now().Format(time.RFC3339Nano))
		request, err := http.NewRequestWithContext(ctx, method, server()+"/api/v1/namespaces/"+env("NAMESPACE")+path, strings.NewReader(text))
		if err != nil {
			return nil, err
		}
		request.Header.Set("Authorization", "Bearer "+strings.TrimSpace(string(token)))
		if body != "" {
			request.Header.Set("Content-Type", "application/merge-patch+json")
		}
		response, err := client.Do(request)
		if err != nil {
			return nil, err
		}
		defer response.Body.Close()
		answer, err := io.ReadAll(response.Body)
		if err == nil && response.StatusCode != http.StatusOK {
			return nil, fmt.Errorf("status-%d", response.StatusCode)
		}
		return answer, err
	}
}

// askAPI changes a ConfigMap, which is a write to etcd.
func askAPI() question {
	write := api(http.MethodPatch, "/configmaps/writes", `{"data":{"last":"NOW"}}`)
	return func(ctx context.Context) error {
		_, err := write(ctx)
		return err
	}
}

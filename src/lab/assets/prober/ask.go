package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
)

// askAll asks every flow of FLOWS, separated by commas, until it is killed.
func askAll() {
	questions := map[string]func() question{
		"http":                    askHTTP,
		"dns":                     askName,
		"pod-to-pod":              func() question { return askPod(here) },
		"pod-to-pod-across-nodes": func() question { return askPod(elsewhere) },
		"tcp-new":                 func() question { return askConnection(env("SERVICE")) },
		"tcp-long":                askLong,
		"api-write":               askAPI,
	}
	for _, flow := range strings.Split(env("FLOWS"), ",") {
		make, known := questions[flow]
		if !known {
			log.Fatalf("received flow %q", flow)
		}
		go keepAsking(flow, make())
	}
	select {}
}

var dialer = net.Dialer{Timeout: patienceToConnect}

// inTurn gives one of a list after the other.
func inTurn(list []string) func() string {
	var next atomic.Uint64
	return func() string { return list[(next.Add(1)-1)%uint64(len(list))] }
}

// askHTTP asks the URLs of HTTP, separated by commas, one after the other, each on a connection of its own.
func askHTTP() question {
	url := inTurn(strings.Split(env("HTTP"), ","))
	client := http.Client{Transport: &http.Transport{DialContext: dialer.DialContext, DisableKeepAlives: true}}
	return func(ctx context.Context) error {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, url(), nil)
		if err != nil {
			return err
		}
		response, err := client.Do(request)
		if err != nil {
			return err
		}
		defer response.Body.Close()
		if response.StatusCode != http.StatusOK {
			return fmt.Errorf("status-%d", response.StatusCode)
		}
		_, err = io.Copy(io.Discard, response.Body)
		return err
	}
}

// askName asks the cluster's DNS for the address of NAME: one packet there, one back.
func askName() question {
	name := env("NAME")
	resolver := net.Resolver{PreferGo: true}
	return func(ctx context.Context) error {
		_, err := resolver.LookupNetIP(ctx, "ip4", name)
		return err
	}
}

// askConnection connects to an address and closes again.
func askConnection(address string) question {
	return func(ctx context.Context) error {
		conn, err := dialer.DialContext(ctx, "tcp4", address)
		if err != nil {
			return err
		}
		return conn.Close()
	}
}

// askPod sends a line to a pod on a new connection, and wants it back.
func askPod(choose func() []string) question {
	var next atomic.Uint64
	return func(ctx context.Context) error {
		addresses := choose()
		if len(addresses) == 0 {
			return errNoAddress
		}
		conn, err := dialer.DialContext(ctx, "tcp4", addresses[(next.Add(1)-1)%uint64(len(addresses))])
		if err != nil {
			return err
		}
		defer conn.Close()
		deadline, _ := ctx.Deadline()
		if err := conn.SetDeadline(deadline); err != nil {
			return err
		}
		if _, err := io.WriteString(conn, "asked\n"); err != nil {
			return err
		}
		_, err = bufio.NewReader(conn).ReadString('\n')
		return err
	}
}

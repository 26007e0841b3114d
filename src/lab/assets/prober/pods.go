package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	// how often the API is asked for the addresses of pods, and how often their file is read
	lookEvery = 250 * time.Millisecond
	port      = "9376"
)

// serve answers lines by themselves, on every connection.
func serve() {
	listener, err := net.Listen("tcp", ":"+port)
	if err != nil {
		log.Fatal(err)
	}
	for {
		conn, err := listener.Accept()
		if err != nil {
			log.Fatal(err)
		}
		go func() {
			defer conn.Close()
			_, _ = io.Copy(conn, conn)
		}()
	}
}

// keepPods runs in the network of the node, where the API can be reached whatever becomes of the network of pods.
func keepPods() {
	get := api(http.MethodGet, "/pods?labelSelector=role%3Danswer&resourceVersion=0", "")
	file := filepath.Join(env("DIR"), "pods")
	written := "-"
	for range time.Tick(lookEvery) {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		body, err := get(ctx)
		cancel()
		if err != nil {
			continue
		}
		var list struct {
			Items []struct {
				Metadata struct{ DeletionTimestamp string }
				Spec     struct{ NodeName string }
				Status   struct{ PodIP string }
			}
		}
		if json.Unmarshal(body, &list) != nil {
			continue
		}
		var lines []string
		for _, pod := range list.Items {
			if pod.Metadata.DeletionTimestamp == "" && pod.Status.PodIP != "" {
				lines = append(lines, pod.Spec.NodeName+" "+net.JoinHostPort(pod.Status.PodIP, port)+"\n")
			}
		}
		slices.Sort(lines)
		text := strings.Join(lines, "")
		if text != written {
			if err := os.WriteFile(file+".new", []byte(text), 0o644); err != nil {
				log.Fatal(err)
			}
			if err := os.Rename(file+".new", file); err != nil {
				log.Fatal(err)
			}
			written = text
			fmt.Print(text)
		}
	}
}

var look = sync.OnceValue(func() func() [2][]string {
	var mu sync.Mutex
	var at time.Time
	var found [2][]string
	return func() [2][]string {
		mu.Lock()
		defer mu.Unlock()
		if time.Since(at) < lookEvery {
			return found
		}
		text, _ := os.ReadFile(filepath.Join(env("DIR"), "pods"))
		at, found = time.Now(), [2][]string{}
		for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
			node, address, ok := strings.Cut(line, " ")
			if ok && node == env("NODE") {
				found[0] = append(found[0], address)
			} else if ok {
				found[1] = append(found[1], address)
			}
		}
		return found
	}
})

// here is the pod that answers on this node, elsewhere are those on others.
func here() []string      { return look()()[0] }
func elsewhere() []string { return look()()[1] }

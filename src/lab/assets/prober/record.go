package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

// record is a file of answers. Each is one write: a reader never sees half of one.
type record struct {
	mu   sync.Mutex
	file *os.File
}

func openRecord(flow string) *record {
	folder := filepath.Join(env("DIR"), "records")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		log.Fatal(err)
	}
	file, err := os.OpenFile(filepath.Join(folder, flow+"."+env("FROM")), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		log.Fatal(err)
	}
	r := &record{file: file}
	r.line("run %d\n", time.Now().UnixMilli())
	return r
}

func (r *record) line(format string, values ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, err := fmt.Fprintf(r.file, format, values...); err != nil {
		log.Fatal(err)
	}
}

// question is asked once each time it is called.
type question func(ctx context.Context) error

// keepAsking never returns. A question does not wait for the answer to the one before.
func keepAsking(flow string, ask question) {
	r := openRecord(flow)
	for range time.Tick(interval) {
		go func() {
			ctx, cancel := context.WithTimeout(context.Background(), patience)
			defer cancel()
			sent := time.Now().UnixMilli()
			r.line("%d %s\n", sent, word(ask(ctx)))
		}()
	}
}

var errNoAddress = errors.New("nobody to ask")

// word is one word for what became of a question.
func word(err error) string {
	var name *net.DNSError
	var network net.Error
	switch {
	case err == nil:
		return "ok"
	case errors.Is(err, errNoAddress):
		return "no-address"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "refused"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, io.EOF), errors.Is(err, net.ErrClosed), errors.Is(err, syscall.EPIPE):
		return "reset"
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return "unreachable"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &network) && network.Timeout():
		return "timeout"
	case errors.As(err, &name):
		return "no-name"
	default:
		return strings.ReplaceAll(err.Error(), " ", "-")
	}
}

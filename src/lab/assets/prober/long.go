package main

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// silence is how long a connection may say nothing until a client opens another, as many programs do.
const silence = 10 * time.Second

var errConnecting = errors.New("connecting")

// long is one connection to a pod of another node, kept for as long as it works.
type long struct {
	mu         sync.Mutex
	conn       net.Conn
	address    string
	connecting bool
	heard      time.Time
	count      uint64
	waiting    map[string]chan error
}

func askLong() question {
	l := &long{waiting: map[string]chan error{}}
	return l.ask
}

func (l *long) ask(ctx context.Context) error {
	addresses := elsewhere()
	if len(addresses) == 0 {
		return errNoAddress
	}
	answer, err := l.send(addresses)
	if err != nil {
		return err
	}
	select {
	case err := <-answer:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// send writes a line, which the other end sends back. Where no connection is open it begins to open one.
func (l *long) send(addresses []string) (chan error, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.conn != nil && (!slices.Contains(addresses, l.address) || time.Since(l.heard) > silence) {
		l.drop(l.conn, io.EOF)
	}
	if l.conn == nil {
		if !l.connecting {
			l.connecting = true
			go l.connect(addresses[0])
		}
		return nil, errConnecting
	}
	l.count++
	id := strconv.FormatUint(l.count, 10)
	answer := make(chan error, 1)
	l.waiting[id] = answer
	_ = l.conn.SetWriteDeadline(time.Now().Add(patience))
	if _, err := io.WriteString(l.conn, id+"\n"); err != nil {
		l.drop(l.conn, err)
	}
	return answer, nil
}

func (l *long) connect(address string) {
	conn, err := dialer.Dial("tcp4", address)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.connecting = false
	if err != nil {
		return
	}
	l.conn, l.address, l.heard = conn, address, time.Now()
	go l.listen(conn)
}

func (l *long) listen(conn net.Conn) {
	reader := bufio.NewReader(conn)
	for {
		line, err := reader.ReadString('\n')
		l.mu.Lock()
		if err != nil {
			l.drop(conn, err)
			l.mu.Unlock()
			return
		}
		l.heard = time.Now()
		id := strings.TrimSpace(line)
		if answer, known := l.waiting[id]; known {
			delete(l.waiting, id)
			answer <- nil
		}
		l.mu.Unlock()
	}
}

// drop gives a connection up: what was not answered on it is not answered any more.
func (l *long) drop(conn net.Conn, why error) {
	_ = conn.Close()
	if l.conn != conn {
		return
	}
	l.conn = nil
	for id, answer := range l.waiting {
		delete(l.waiting, id)
		answer <- why
	}
}

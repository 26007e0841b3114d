// Command client asks across a network and says how long an answer takes: what netperf's TCP_RR and TCP_CRR do, since
// netperf is not in Debian's main suite.
//
//	client serve ADDRESS             answers each byte with a byte; closes the connections of connect first
//	client wait ADDRESS MS           resolves when a question was answered
//	client ask ADDRESS MS            one question after the other on one connection
//	client connect ADDRESS MS        each question on a connection of its own
//
// What it measured is one line of JSON; times are nanoseconds.
package main

import (
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"slices"
	"strconv"
	"time"
)

const (
	more = 'm' // another question may follow
	last = 'l' // none does
	// patience is how long one answer may take.
	patience = 5 * time.Second
)

func main() {
	log.SetFlags(0)
	if len(os.Args) < 3 {
		log.Fatal("usage: client serve|wait|ask|connect ADDRESS [MILLISECONDS]")
	}
	address := os.Args[2]
	if os.Args[1] == "serve" {
		log.Fatal(serve(address))
	}
	ms, err := strconv.Atoi(os.Args[len(os.Args)-1])
	if err != nil {
		log.Fatal(err)
	}
	until := time.Now().Add(time.Duration(ms) * time.Millisecond)
	switch os.Args[1] {
	case "wait":
		err = wait(address, until)
	case "ask":
		err = ask(address, until)
	case "connect":
		err = connect(address, until)
	default:
		log.Fatalf("received %q, expected serve, wait, ask or connect", os.Args[1])
	}
	if err != nil {
		log.Fatal(err)
	}
}

// serve closes a connection itself after its last answer: the side that closes first keeps the port for a minute, and
// a client would run out of them.
func serve(address string) error {
	listener, err := net.Listen("tcp4", address)
	if err != nil {
		return err
	}
	for {
		conn, err := listener.Accept()
		if err != nil {
			return err
		}
		go func() {
			defer conn.Close()
			one := make([]byte, 1)
			for {
				if _, err := io.ReadFull(conn, one); err != nil {
					return
				}
				if _, err := conn.Write(one); err != nil || one[0] == last {
					return
				}
			}
		}()
	}
}

func question(conn net.Conn, kind byte) error {
	one := []byte{kind}
	if _, err := conn.Write(one); err != nil {
		return err
	}
	_, err := io.ReadFull(conn, one)
	return err
}

func wait(address string, until time.Time) error {
	for {
		err := once(address)
		if err == nil || time.Now().After(until) {
			return err
		}
		time.Sleep(100 * time.Millisecond)
	}
}

func once(address string) error {
	conn, err := net.DialTimeout("tcp4", address, patience)
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return err
	}
	if err := question(conn, last); err != nil {
		return err
	}
	// Not before the other side has closed.
	if _, err := conn.Read(make([]byte, 1)); err != io.EOF {
		return fmt.Errorf("expected the end of the connection, received %v", err)
	}
	return nil
}

func ask(address string, until time.Time) error {
	conn, err := net.DialTimeout("tcp4", address, patience)
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := conn.SetDeadline(until.Add(patience)); err != nil {
		return err
	}
	took := make([]int64, 0, 1<<18)
	for now := time.Now(); now.Before(until); {
		if err := question(conn, more); err != nil {
			return err
		}
		then := time.Now()
		took = append(took, then.Sub(now).Nanoseconds())
		now = then
	}
	slices.Sort(took)
	fmt.Printf("{\"count\":%d,\"p50\":%d,\"p99\":%d}\n", len(took), took[len(took)/2], took[len(took)*99/100])
	return nil
}

func connect(address string, until time.Time) error {
	began, count := time.Now(), 0
	for time.Now().Before(until) {
		if err := once(address); err != nil {
			return err
		}
		count++
	}
	fmt.Printf("{\"count\":%d,\"ns\":%d}\n", count, time.Since(began).Nanoseconds())
	return nil
}

// Command prober asks a cluster's network the same questions twenty times a second and writes down every answer, so
// that what a change of the network costs is measured and not guessed.
//
//	prober ask   asks each flow of FLOWS and appends to DIR/records/FLOW.FROM
//	prober serve answers each line that it gets on PORT with the same line
//	prober pods  keeps DIR/pods up to date: node and address of every pod that serves
//
// A record begins with "run MILLISECONDS" each time its prober starts, and has a line a question: when it was sent, in
// milliseconds since 1970, and "ok" or why not. It is written at once: a prober that is killed loses no answer.
package main

import (
	"log"
	"os"
	"time"
)

const (
	// interval is the time between two questions of a flow.
	interval = 50 * time.Millisecond
	// patience is how long an answer may take.
	patience = 2 * time.Second
	// patienceToConnect is shorter than the second after which TCP sends its first packet again (RFC 6298): a
	// connection that is late has lost a packet.
	patienceToConnect = 900 * time.Millisecond
	// lifetime is for a prober that nobody ended, since Proofbook was killed.
	lifetime = 6 * time.Hour
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: prober ask|serve|pods")
	}
	time.AfterFunc(lifetime, func() { log.Fatal("nobody ended this prober") })
	switch os.Args[1] {
	case "ask":
		askAll()
	case "serve":
		serve()
	case "pods":
		keepPods()
	default:
		log.Fatalf("received %q, expected ask, serve or pods", os.Args[1])
	}
}

func env(name string) string {
	value := os.Getenv(name)
	if value == "" {
		log.Fatalf("%s is not set", name)
	}
	return value
}

// A party of Quorate sessions that shares no line with Quorate: tss-lib v2 for the protocol, grpc-go for the network,
// and between them what tss-wasm/SPEC.md says.
//
//	party identity -identity FILE
//	party join     -coordinator HOST:PORT -identity FILE -share FILE -prepared FILE -invitation TEXT
//	party answer   -coordinator HOST:PORT -identity FILE -share FILE
//
// It prints JSON lines. join asks for the check code to be confirmed and answer for the request: "yes" on standard input.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"time"
)

type flags struct {
	coordinator, identity, share, prepared, invitation, software string
}

func main() {
	if len(os.Args) < 2 {
		exit(errors.New("say what to do: identity, join or answer"))
	}
	var given flags
	set := flag.NewFlagSet(os.Args[1], flag.ExitOnError)
	set.StringVar(&given.coordinator, "coordinator", "127.0.0.1:50051", "gRPC address of the coordinator, without TLS")
	set.StringVar(&given.identity, "identity", "identity.json", "our private keys; made if there are none")
	set.StringVar(&given.share, "share", "share.json", "the wallet: what a sealed share holds, unsealed (SPEC 9)")
	set.StringVar(&given.prepared, "prepared", "prepared.json", "tss-lib's LocalPreParams, used for this key only")
	set.StringVar(&given.invitation, "invitation", "", "an invitation, or its link")
	set.StringVar(&given.software, "software", "quorate 0.1.0", "whose behaviour we follow, as the hand-shake states it")
	exit(set.Parse(os.Args[2:]))
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()

	me, err := loadIdentity(given.identity)
	exit(err)
	switch os.Args[1] {
	case "identity":
		print(me.publicIdentity)
	case "join":
		exit(join(ctx, me, given))
	case "answer":
		exit(answer(ctx, me, given))
	default:
		exit(fmt.Errorf("%q is none of identity, join and answer", os.Args[1]))
	}
}

func print(line any) {
	exit(json.NewEncoder(os.Stdout).Encode(line))
}

var input = bufio.NewScanner(os.Stdin)

// agreed shows something and waits for a yes.
func agreed(question any) bool {
	print(question)
	return input.Scan() && input.Text() == "yes"
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
